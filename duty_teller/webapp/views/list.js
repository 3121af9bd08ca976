/** The month as a list, day by day: times, and who has them; from today on in the month that is running. */
import { DAY_MS } from "../core.js";
import { slotsOf } from "../models/month.js";
import { besideLine, dots, h, keepingFocus, painted, positionText, seenHeight } from "../ui.js";

/** So many days are more than a screen of those with many people. */
const SEEN_FIRST = 4;
/** So many are drawn at once when what the screen shows is painted. */
const AT_ONCE = 6;

/** @param {Cell} cell @param {MonthContext} context @param {Emit} emit */
function contents(cell, { t, format }, emit) {
  /** @param {Instant} start @param {Instant} end */
  const times = (start, end) => (format.isOn(start, cell.day) && end - start <= DAY_MS
    ? `${format.time(start)}–${format.time(end)}` : t("app.now.until", { moment: format.moment(end, cell.day) }));
  /** @param {ReturnType<typeof slotsOf>[0]} slot */
  const slot = ({ start, end, kind, posts }) => h("div.slot",
    h("div", h("span.when", kind === "night" && h("span.moon"), times(start, end)), besideLine(format.beside(cell.day, start, end), t)),
    h("div.posts", posts.map(([position, people]) => h("div",
      position && h("span.when", `${positionText(position, t)}: `),
      h("ul.names", people.map((one) => h(`li.c${one.colour}${one.own ? ".own" : ""}`, one.note ? [h("bdi", one.name), ` · ${one.note}`] : one.name)))))));
  return [
    h("h2", h("button.list-title", { "data-list-day": cell.day, "data-key": `l${cell.day}`, onclick: () => emit("day", cell.day) },
      dots(format.day(cell.day), cell.today && t("app.day.today")))),
    ...cell.notes.map((note) => h("span.day-note", h(`span.sign.${note.kind}`), note.text)),
    ...cell.gaps.map((gap) => h("span.gap", t("app.day.gap", { span: format.span(gap.start, gap.end, cell.day) }))),
    ...slotsOf(cell).map(slot),
    cell.shifts.length === 0 && !cell.gaps.length && h("span.when", t("app.day.empty")),
    cell.away.length > 0 && h("ul.names", cell.away.map((one) =>
      h("li.off", h(`span.mark.${one.type}.c${one.colour}`), h("span.when", `${one.name}: ${t(`app.kind.${one.type}`)}`)))),
  ].filter((child) => child !== false);
}

/**
 * Of a month that is turned to, what the screen shows is drawn first; the other days have their place, and come when that is painted.
 * @param {HTMLElement} root @param {Emit} emit
 */
export function mountList(root, emit) {
  /** @type {WeakMap<MonthModel, {look: string, days: ListDay[]}>} */
  const made = new WeakMap();
  /** @type {ListDay[]} */
  let shown = [];
  let month = "";
  /** How many days the screen showed when the last month was turned to. */
  let seen = SEEN_FIRST;

  /** @param {MonthContext} context @returns {ListDay[]} */
  function daysOf(context) {
    const { model, lang, besides } = context;
    const look = `${lang} ${besides}`;
    const known = made.get(model);
    if (known?.look === look) return known.days;
    const days = model.cells.filter((cell) => cell.inMonth).map((cell) => {
      const node = h(cell.today ? "section.list-day.today" : "section.list-day");
      /** @type {ListDay} */
      const day = { look, cell, node, fill() {
        node.append(...contents(cell, context, emit));
        day.fill = () => {};
      } };
      return day;
    });
    made.set(model, { look, days });
    return days;
  }

  /** Makes the days of a month that may be turned to. @param {MonthContext} context */
  function* prepare(context) {
    for (const day of daysOf(context)) {
      day.fill();
      yield;
    }
  }

  /** The same month, of which something has changed. @param {ListDay[]} days */
  function mend(days) {
    keepingFocus(root, () => days.forEach((day, index) => {
      const before = shown[index];
      if (before.look === day.look && JSON.stringify(before.cell) === JSON.stringify(day.cell)) {
        days[index] = before;
        return;
      }
      day.fill();
      before.node.replaceWith(day.node);
    }));
  }

  /** Another month. @param {ListDay[]} days */
  function turn(days) {
    const today = days.findIndex(({ cell }) => cell.today);
    const above = today < 0 && root.getBoundingClientRect().top < 0;
    const to = () => (today >= 0 ? days[today].node : above ? root : null)?.scrollIntoView({ block: "start" });
    /** `seen`: laid out whether or not the browser takes it for seen. @param {number} index @param {string} [how] */
    const show = (index, how = "list-day seen") => {
      days[index].fill();
      days[index].node.className = `${how}${index === today ? " today" : ""}`;
    };
    /** @param {number} index */
    const place = (index) => days[index].node.getBoundingClientRect();
    let first = Math.max(today, 0);
    let next = first;
    for (const { node } of days) node.className = "list-day unseen";
    while (next < Math.min(first + seen, days.length)) show(next++);
    root.replaceChildren(...days.map(({ node }) => node));
    to();
    while (next < days.length && place(next - 1).bottom < seenHeight()) show(next++);
    const edge = parseFloat(getComputedStyle(days[first].node).scrollMarginTop) + 1;
    while (first > 0 && place(first).top > edge) { // at the end of a month the days before it are seen, too
      show(--first);
      to();
    }
    seen = Math.max(next - first, 1);
    /** The days that are left, those below first. @type {number[]} */
    const left = [...days.keys()];
    rest([...left.slice(next), ...left.slice(0, first).reverse()], (index) => show(index, "list-day"), to);
  }

  /** @param {number[]} left @param {(index: number) => void} show @param {() => void} to */
  async function rest(left, show, to) {
    const turned = month;
    for (let at = 0; at < left.length; at += AT_ONCE) {
      await painted();
      if (month !== turned) return;
      const before = scrollY;
      left.slice(at, at + AT_ONCE).forEach(show);
      // What lies above has its real height now; who has scrolled meanwhile stays where that is.
      requestAnimationFrame(() => month === turned && scrollY === before && to());
    }
  }

  /** @param {MonthContext} context */
  function update(context) {
    const days = daysOf(context);
    if (days === shown) return;
    if (month === context.model.month) mend(days);
    else {
      month = context.model.month;
      turn(days);
    }
    shown = days;
  }
  return { update, prepare };
}

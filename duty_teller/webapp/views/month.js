/** The month: a grid of days or a list of them, who is who under it, and the sheet of one day. */
import { CROWD, rememberedModels } from "../models/month.js";
import { aria, h, icon, idler, keepingFocus, mountZoneSwitch, nameOf, painted, painter, positionText, say, seenHeight } from "../ui.js";
import { postSigns } from "../views/cells.js";
import { mountDay } from "../views/day.js";
import { mountGrid } from "../views/grid.js";
import { mountList } from "../views/list.js";
import { mountRosters } from "../views/rosters.js";

const SWIPE_PX = 48;

/** The month's head and its days. @param {HTMLElement} root @param {Emit} emit */
function mountDays(root, emit) {
  const title = h("h1.month-title", { "aria-live": "polite" });
  const [previous, next] = [-1, 1].map((step) =>
    h(`button.arrow.${step < 0 ? "back" : "forth"}`, { onclick: () => emit("step", step) }));
  const today = h("button.arrow.plain", { "data-key": "today", onclick: () => emit("today") }, icon("today"));
  const mine = h("button.pill", { onclick: () => emit("mine") });
  const layout = h("button.arrow.layout", { "data-key": "layout", onclick: () => emit("layout", layout.dataset.next) });
  const sum = h("p.sum");
  const filters = h("div.filters", sum, mine);
  const blank = h("div.blank", { role: "status" });
  const paintBlank = painter(blank);
  const grid = h("div.leaves");
  const list = h("div.days");
  const [asGrid, asDays] = [mountGrid(grid, emit), mountList(list, emit)];
  root.replaceChildren(
    h("div.month-head", title, h("div.arrows", layout, today, previous, next)),
    filters, grid, list, blank);

  /** @type {Touch | null} */
  let touch = null;
  for (const swiped of [grid, list]) {
    swiped.addEventListener("touchstart", ({ touches }) => { touch = touches.length === 1 ? touches[0] : null; }, { passive: true });
    swiped.addEventListener("touchend", ({ changedTouches: [end] }) => {
      if (!touch) return;
      const [x, y] = [end.clientX - touch.clientX, end.clientY - touch.clientY];
      touch = null;
      if (Math.abs(x) > SWIPE_PX && Math.abs(x) > Math.abs(y) * 1.5) emit("step", x < 0 ? 1 : -1);
    }, { passive: true });
  }

  let crowded = false;
  /** @param {MonthContext} context */
  const asList = ({ layout, model }) => (layout ? layout === "list" : model.loading ? crowded : model.crowded);

  /** Makes what a month shows that may be turned to. @param {MonthContext} context @returns {Iterable<unknown>} */
  const prepare = (context) => (asList(context) && !context.model.empty ? asDays : asGrid).prepare(context);

  /** @param {MonthContext} context @param {boolean} waiting @param {boolean} listed */
  function drawHead({ model, t, format, onlyMine, canFilter, failed }, waiting, listed) {
    say(title, format.month(model.month));
    aria(previous, "label", t("app.month.previous"));
    aria(next, "label", t("app.month.next"));
    aria(today, "label", t("app.today"));
    today.title = t("app.today");
    const here = model.today.startsWith(model.month);
    if (here && document.activeElement === today) next.focus();
    today.classList.toggle("kept", here); // its room stays: nothing moves when months turn
    say(mine, t("app.mine"));
    aria(mine, "pressed", onlyMine);
    filters.hidden = !canFilter;
    filters.classList.toggle("kept", model.empty || failed);
    const other = listed ? "grid" : "list";
    if (layout.dataset.next !== other) layout.replaceChildren(icon(other));
    layout.dataset.next = other;
    aria(layout, "label", t(`app.month.${other}`));
    layout.classList.toggle("kept", model.empty || failed);
    const { count: n, hours } = model.own;
    say(sum, waiting ? "" : t(n ? "app.mine.sum" : "app.mine.none", { n, hours: format.number(hours) }));
  }

  /** @param {MonthContext} context */
  function update(context) {
    const { model, t, lang, admin, failed } = context;
    const waiting = model.loading && !failed;
    const listed = asList(context);
    if (!waiting) crowded = model.crowded; // a month on its way looks like the one before it
    drawHead(context, waiting, listed);
    list.hidden = !listed || failed || model.empty;
    list.classList.toggle("old", waiting);
    grid.hidden = failed || (listed && !model.empty);
    if (!list.hidden && !waiting) asDays.update(context);
    blank.hidden = !model.empty && !failed;
    paintBlank([model.empty, failed, admin, lang], () => (failed
      ? [h("strong", t("app.month.failed")), h("button.button", { "data-key": "month-retry", onclick: () => emit("retry") }, t("app.retry"))]
      : [h("strong", t("app.empty.title")), h("span", t(admin ? "app.empty.admin" : "app.empty.user")),
        admin && h("button.button", { "data-key": "to-import", onclick: () => emit("tab", "admin") }, t("app.admin.import.title"))]));
    asGrid.update(context, waiting);
  }
  return { update, prepare };
}

/** No line of the legend is lower, nor a column of it narrower. */
const [LINE_PX, COLUMN_PX] = [24, 300];
/** So many lines are laid out at once when what the screen shows is painted. */
const AT_ONCE = 6;

/** Under the grid: who is who, what the signs mean, whose time it is. @param {HTMLElement} root @param {Emit} emit @returns {Update<MonthContext>} */
function mountLegend(root, emit) {
  const [body, foot] = [h("div"), h("div.zones")];
  root.append(body, foot);
  const [paint, zones, whileIdle] = [painter(body), mountZoneSwitch(foot, emit), idler()];
  /** @type {MonthContext | null} */
  let last = null;
  /** @type {MonthModel | null} */
  let drawn = null;
  const roll = h("ul.roll");
  /** The lines of the roll that are still to be made. @type {(() => HTMLElement)[]} */
  let left = [];
  let tall = 0;
  new ResizeObserver(([{ borderBoxSize: [{ blockSize }] }]) => { tall = blockSize; }).observe(root);

  /** @param {MonthContext} context */
  function draw(context) {
    const { model, t, format, lang, now } = context;
    const holes = ["", ".part"].filter((part) => model.cells.some((cell) => cell.inMonth && cell.gaps.length && Boolean(cell.shifts.length) === Boolean(part)));
    const counted = model.cells.some((cell) => cell.shifts.length > CROWD);
    paint([model.people, model.away, model.night, model.notes, holes, counted, model.positions, model.zone, model.loading, lang], () => {
    left = model.people.map((person) => () => h("li", h(`span.dot.c${person.colour}`), nameOf(person, t), h("span.when", t("app.people.shifts", { n: person.count }))));
    roll.replaceChildren();
    /** @param {HTMLElement} node @param {string} text */
    const sign = (node, text) => h("li", node, text);
    const signs = [
      model.own.count > 0 && sign(h("span.sample.own"), t("app.legend.mine")),
      counted && sign(h("span.many", "7"), t("app.legend.crowd")),
      model.night && sign(h("span.moon"), t("app.legend.night")),
      ...model.notes.map((kind) => sign(h(`span.sign.${kind}`), t(`app.legend.${kind}`))),
      ...holes.map((part) => sign(h(`span.sample.hole${part}`), t(part ? "app.legend.gap.part" : "app.legend.gap"))),
      ...[...postSigns(model.positions, t)].map(([position, letters]) => sign(h("span.post", letters), positionText(position, t) ?? position)),
      ...model.away.map((type) => sign(h(`span.mark.${type}`), t(`app.kind.${type}`))),
    ].filter(Boolean);
    return [
      model.people.length > 0 && h("h2.label", t("app.people")),
      model.people.length > 0 && roll,
      signs.length > 0 && h("ul.signs", signs),
      !model.loading && h("p.zone", t("app.zone", { zone: format.zone(now) })),
    ];
    });
    root.hidden = foot.hidden && !body.childElementCount;
    roll.hidden = false;
    drawn = model;
  }

  /** Draws more of the people. @param {number} lines */
  const more = (lines) => roll.append(...left.splice(0, lines).map((line) => line()));

  /** What a turn left for later, a few lines at a time. @returns {Iterator<unknown>} */
  function* rest() {
    if (last) draw(last);
    while (left.length) {
      more(AT_ONCE);
      root.getBoundingClientRect(); // laid out here, so that it counts as work
      yield;
    }
    root.style.minBlockSize = "";
  }

  return (context) => {
    const { model, lang } = context;
    root.classList.toggle("kept", model.loading); // it lies elsewhere when the days above it are there
    zones(context);
    const [turned, same] = [last && last.model.month !== model.month, last?.lang === lang && drawn === model];
    last = context;
    if (same && !turned) return;
    if (!turned) {
      draw(context);
      more(left.length);
      return;
    }
    // Of a month that is turned to, only what the screen shows is laid out before it is painted: first the days, alone.
    root.style.minBlockSize = `${tall}px`; // who has scrolled stays there
    whileIdle([].values());
    keepingFocus(root, () => {
      body.remove();
      const room = seenHeight() - root.getBoundingClientRect().top;
      if (room > 0) draw(context);
      else roll.hidden = true;
      const fits = Math.max(Math.ceil(room / LINE_PX), 0) * Math.max(1, Math.floor(root.clientWidth / COLUMN_PX));
      more(Math.max(fits - roll.childElementCount, 0));
      root.prepend(body);
      // Another month's legend is another one, and lies where that month ends: nothing slides there.
      if (room > 0) root.parentElement?.append(root);
    });
    painted().then(() => last?.model.month === model.month && whileIdle(rest()));
  };
}

/** The view of the tab Month. @param {HTMLElement} root @param {Emit} emit @returns {Update<MonthContext>} */
export function mount(root, emit) {
  const [switcher, month, legend] = [h("div.switch", { id: "rosters" }), h("section.month"), h("section.legend", { id: "legend" })];
  root.append(switcher, month, legend);
  const [rosters, days, under] = [mountRosters(switcher, emit), mountDays(month, emit), mountLegend(legend, emit)];
  const sheet = mountDay(/** @type {HTMLDialogElement} */ (document.getElementById("sheet")), emit);
  const [models, whileIdle] = [rememberedModels(), idler()];

  /** What a turn to the months beside would have to make. @param {MonthContext} context */
  function* prepare(context) {
    for (const near of context.near) {
      const one = { ...context, ...near };
      const model = models(one);
      yield;
      yield* days.prepare({ ...one, model });
    }
  }
  return (given) => {
    const context = { ...given, model: models(given) };
    const { model } = context;
    for (const update of [rosters, days.update, under]) update(context);
    const cell = model.loading ? null : model.cells.find(({ day }) => day === context.openDay) ?? null;
    sheet({ ...context, cell, zone: model.zone });
    whileIdle(prepare(context));
  };
}

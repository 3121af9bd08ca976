/** The sheet of one day: its shifts, who changed them last, and what can be done to them. */
import { wholeDays } from "../core.js";
import { badge, besideLine, contacts, dots, h, nameOf, painter, positionText } from "../ui.js";
import { mountActions } from "../views/actions.js";
import { awayAction, backAction } from "../views/away.js";
import { mountChanges } from "../views/change.js";
import { shiftActions } from "../views/cover.js";
import { mountDialog } from "../views/sheet.js";

const HOUR_MS = 3_600_000;

/**
 * Who changed a shift last. A line is kept for it while that is on its way.
 * @param {DayShift | undefined} known @param {DayContext} context
 */
function lastChange(known, { t, format, today }) {
  const changed = known?.changed;
  if (!changed) return h("span.when.changed", "\u00a0");
  const moment = format.moment(Date.parse(changed.at), today);
  return h("span.when.changed", t(changed.file ? "app.day.imported" : "app.day.changed", { name: changed.name, file: changed.file, moment }));
}

/** The sheet of one day. @param {HTMLDialogElement} dialog @param {Emit} emit @returns {Update<DayContext>} */
export function mountDay(dialog, emit) {
  const paint = painter(dialog);
  const action = mountActions(emit);
  const changes = mountChanges(emit);
  /** What the server knows of the day besides its shifts, and for what it was asked. @type {DayAnswer & {day: Day, rosterId: number} | null} */
  let facts = null;
  let asked = "";
  /** Why they are not there. */
  let wrong = "";
  const sheet = mountDialog(dialog, () => {
    changes.clear();
    asked = "";
    emit("day", null);
    const held = document.activeElement;
    if (held !== document.body && !dialog.contains(held)) return;
    // A link has opened it: there is nothing that the browser could give the focus back to.
    const places = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-day="${shownDay}"], [data-list-day="${shownDay}"]`));
    [...places].find((node) => node.checkVisibility())?.focus({ preventScroll: true });
  });
  let shownDay = "";

  /** @param {DayContext & {cell: Cell}} context */
  function askFacts({ rosterId, cell, freshAt }) {
    const wanted = JSON.stringify([rosterId, cell.day, cell.shifts, freshAt]);
    if (wanted === asked) return;
    if (facts?.day !== cell.day || facts?.rosterId !== rosterId) facts = null;
    [asked, wrong] = [wanted, ""];
    emit("ask", {
      path: `/api/day?date=${cell.day}&roster=${rosterId}`,
      /** @param {DayAnswer} answer */
      after(answer) {
        if (wanted !== asked) return;
        facts = { ...answer, day: cell.day, rosterId };
        emit("resize");
      },
      failed(/** @type {Refusal} */ { text }) {
        if (wanted !== asked) return;
        wrong = text;
        emit("resize");
      },
    });
  }

  /** @param {Shown} entry @param {DayShift | undefined} known @param {ChangeContext} context @returns {Child[]} */
  function actions(entry, known, context) {
    if (!known) return [];
    return [...shiftActions(action, { ...entry, asked: known.asked, askedStart: known.asked_start, askedEnd: known.asked_end }, context), context.admin && changes.of(entry, context)];
  }

  /** Room is kept for what is on its way; others' shifts have nothing to do for a member. @param {Shown} entry @param {DayShift | undefined} known @param {ChangeContext} context */
  function acts(entry, known, context) {
    if (!context.canAct) return null;
    const found = actions(entry, known, context).filter(Boolean);
    const awaited = context.admin || (entry.own && entry.end > context.now);
    return (awaited || found.length > 0) && h("div.acts", found);
  }

  return (given) => {
    const { cell, zone, onlyMine, t, format, lang, canAct, now, admin, today } = given;
    if (!cell) return sheet.show(false);
    shownDay = cell.day;
    const here = { ...given, cell };
    askFacts(here);
    const context = { ...here, facts: facts ?? { shifts: [], people: [], spans: [], positions: [] } };
    const known = new Map(context.facts.shifts.map((one) => [one.duty_id, one]));
    const running = cell.shifts.filter((entry) => entry.start <= now && now < entry.end).map((entry) => entry.id);
    const isAdmin = admin && facts !== null;
    if (isAdmin) for (const entry of cell.shifts) if (known.has(entry.id)) changes.of(entry, context);
    const lost = isAdmin ? changes.orphans([0, ...cell.shifts.map(({ id }) => id)], context) : [];
    paint([cell, zone, onlyMine, lang, running, canAct, today, context.facts, wrong, lost.length, context.besides], () => [h("div.sheet",
      sheet.head(t, format.day(cell.day), cell.today && h("span.you", t("app.day.today"))),
      ...cell.notes.map((note) => h("p.day-note", h(`span.sign.${note.kind}`), note.text)),
      ...cell.gaps.map((gap) => h("p.gap", t("app.day.gap", { span: format.span(gap.start, gap.end, cell.day) }))),
      wrong && h("p.wrong", { role: "alert" }, wrong),
      wrong && h("button.action", { "data-key": "ask-again", onclick() {
        asked = "";
        emit("resize");
      } }, t("app.retry")),
      cell.shifts.length === 0 && !cell.gaps.length && h("p.when", t(onlyMine ? "app.day.empty.mine" : "app.day.empty")),
      h("ul.people", cell.shifts.map((entry) => h("li.person",
        badge(entry),
        h("div.who",
          nameOf(entry, t),
          h("span.time", format.span(entry.start, entry.end, cell.day)),
          besideLine(format.beside(cell.day, entry.start, entry.end), t),
          h("span.when", dots(t(`app.kind.${entry.kind}`), positionText(entry.position, t), t("app.day.hours", { hours: format.number(entry.hours) }))),
          entry.note && h("span.note", entry.note),
          lastChange(known.get(entry.id), context)),
        contacts(entry, t, emit, "number"),
        acts(entry, known.get(entry.id), context))), lost),
      isAdmin && changes.of({ id: 0, userId: null, name: t("app.change.add"), ...newSpan(context) }, context),
      cell.away.length > 0 && h("h3.label", t("app.day.away")),
      cell.away.length > 0 && h("ul.roll", cell.away.map((entry) => h("li",
        h(`span.mark.${entry.type}.c${entry.colour}`), nameOf(entry, t),
        h("span.when", dots(t(`app.kind.${entry.type}`), format.days(entry.start, entry.end), t("app.day.days", { n: wholeDays(entry, zone) }))),
        entry.note && h("span.note", entry.note),
        entry.end > now && canAct && (admin || entry.own) && backAction(action, entry.id, t)))),
      isAdmin ? awayAction(action, t, cell.day, context.facts.people.map(({ id, full_name: name }) => ({ id, name })))
        : canAct && !admin && cell.day >= today && awayAction(action, t, cell.day))]);
    return sheet.show(true);
  };
}

/** The times that a new shift starts from: the day's first gap, else the roster's usual ones. @param {ChangeContext} context @returns {Span} */
function newSpan({ cell, facts }) {
  if (cell.gaps.length) return cell.gaps[0];
  const [first] = facts.spans;
  return { start: first ? Date.parse(first.start_at) : 0, end: first ? Date.parse(first.end_at) : HOUR_MS };
}

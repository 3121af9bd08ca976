import { wholeDays } from "../core.js";
import { badge, contacts, dots, h, nameOf, painter, positionText } from "../ui.js";
import { mountActions, shiftActions } from "../views/actions.js";
import { mountDialog } from "../views/sheet.js";

/** The sheet of one day. @param {HTMLDialogElement} dialog @param {Emit} emit @returns {Update<MonthContext & {cell: Cell | null, zone: string}>} */
export function mountDay(dialog, emit) {
  const paint = painter(dialog);
  const sheet = mountDialog(dialog, () => emit("day", null));
  const action = mountActions(emit);
  return (context) => {
    const { cell, zone, onlyMine, t, format, lang, canAct, now } = context;
    if (!cell) return sheet.show(false);
    const running = cell.shifts.filter((entry) => entry.start <= now && now < entry.end).map((entry) => entry.id);
    paint([cell, zone, onlyMine, lang, running, canAct], () => [h("div.sheet",
      sheet.head(t, format.day(cell.day), cell.today && h("span.you", t("app.day.today"))),
      ...cell.notes.map((note) => h("p.day-note", h(`span.sign.${note.kind}`), note.text)),
      ...cell.gaps.map((gap) => h("p.gap", t("app.day.gap", { span: format.span(gap.start, gap.end, cell.day) }))),
      cell.shifts.length === 0 && !cell.gaps.length && h("p.when", t(onlyMine ? "app.day.empty.mine" : "app.day.empty")),
      h("ul.people", cell.shifts.map((entry) => h("li.person",
        badge(entry),
        h("div.who",
          nameOf(entry, t),
          h("span.time", format.span(entry.start, entry.end, cell.day)),
          h("span.when", dots(t(`app.kind.${entry.kind}`), positionText(entry.position, t), t("app.day.hours", { hours: format.number(entry.hours) }))),
          entry.note && h("span.note", entry.note)),
        contacts(entry, t, emit, "number"),
        shiftActions(action, entry, context)))),
      cell.away.length > 0 && h("h3.label", t("app.day.away")),
      cell.away.length > 0 && h("ul.roll", cell.away.map((entry) => h("li",
        h(`span.mark.${entry.type}.c${entry.colour}`), nameOf(entry, t),
        h("span.when", dots(t(`app.kind.${entry.type}`), format.days(entry.start, entry.end), t("app.day.days", { n: wholeDays(entry, zone) }))),
        entry.note && h("span.note", entry.note)))))]);
    return sheet.show(true);
  };
}

import { wholeDays } from "/app/core.js";
import { badge, contacts, dots, h, nameOf, painter, positionText } from "/app/ui.js";

/** The sheet of one day: a modal dialog, closed by Esc, the backdrop, its button or Telegram's back button. */
export function mountSheet(dialog, emit) {
  const paint = painter(dialog);
  dialog.addEventListener("close", () => emit("day", null));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return ({ cell, zone, onlyMine, t, format, lang }) => {
    if (!cell) {
      if (dialog.open) dialog.close();
      return;
    }
    paint([cell, zone, onlyMine, lang], () => [h("div.sheet",
      h("header",
        h("h2", { id: "sheet-title" }, format.day(cell.day), cell.today && h("span.you", t("app.day.today"))),
        h("button.x", { "data-key": "close", "aria-label": t("app.day.close"), onclick: () => dialog.close() })),
      cell.shifts.length === 0 && h("p.when", t(onlyMine ? "app.day.empty.mine" : "app.day.empty")),
      h("ul.people", cell.shifts.map((entry) => h("li.person",
        badge(entry),
        h("div.who",
          nameOf(entry, t),
          h("span.time", `${format.moment(entry.start, cell.day)} – ${format.moment(entry.end, cell.day)}`),
          h("span.when", dots(t(`app.kind.${entry.kind}`), positionText(entry.position, t), t("app.day.hours", { hours: format.number(entry.hours) }))),
          entry.note && h("span.note", entry.note)),
        contacts(entry, t, emit, "number")))),
      cell.away.length > 0 && h("h3.label", t("app.day.away")),
      cell.away.length > 0 && h("ul.roll", cell.away.map((entry) => h("li",
        h(`span.mark.${entry.type}.c${entry.colour}`), nameOf(entry, t),
        h("span.when", dots(t(`app.kind.${entry.type}`), format.days(entry.start, entry.end), t("app.day.days", { n: wholeDays(entry, zone) }))),
        entry.note && h("span.note", entry.note)))))]);
    if (!dialog.open) {
      dialog.showModal();
      dialog.querySelector(".x").focus({ focusVisible: false });
    }
  };
}

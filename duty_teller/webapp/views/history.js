/** What was changed, by whom, and taking it back: first what that would do. */
import { busy, dots, h, painter } from "../ui.js";

/** What an undo would do. @param {UndoAnswer} answer */
function effect({ parts }) {
  /** @param {string} name @param {string[]} lines */
  const list = (name, lines) => lines.length > 0 && h(`ul.${name}`, lines.map((line) => h("li", line)));
  return h("div.outcome", parts.flatMap((part) => [part.roster && h("h4.label", part.roster), list("becomes", part.lines), list("causes", part.warnings)]));
}

/** The list of changes. @param {HTMLElement} root @param {Emit} emit @returns {Update<AdminContext>} */
export function mountHistory(root, emit) {
  /** @type {Map<number, HTMLElement>} */
  const kept = new Map();
  const list = h("ul.list");
  const older = h("button.action", { "data-key": "older", onclick: () => {
    busy(older, true);
    const skip = changes.length;
    emit("ask", {
      path: `/api/history?skip=${skip}`, failed: () => busy(older, false),
      /** @param {HistoryAnswer} answer */
      after(answer) {
        busy(older, false);
        if (changes.length === skip) extra = { after: changes[0]?.change_id, changes: [...extra.changes, ...answer.changes], more: answer.more };
        draw();
      },
    });
  } });
  root.append(list, older);
  const paint = painter(list);
  /** @type {AdminContext} */
  let context;
  /** @type {HistoryChange[]} */
  let changes = [];
  /** Older pages, as long as nothing new has come before them. @type {{after: number | undefined, changes: HistoryChange[], more: boolean}} */
  let extra = { after: 0, changes: [], more: false };

  /** The button that takes a change back, with what that would do. @param {HistoryChange} one */
  function undo(one) {
    const known = kept.get(one.change_id);
    if (known) return known;
    const { t } = context;
    const verb = t(one.redoes ? "app.redo" : "app.undo");
    const content = h("div.undo");
    /** @param {string} text */
    const say = (text) => content.replaceChildren(h("p.wrong", { role: "alert" }, text));
    const box = h("details.act", {
      ontoggle() {
        if (!box.open) return;
        content.replaceChildren(h("div.bone"));
        emit("ask", {
          path: `/api/history/${one.change_id}`, 
          /** @param {Refusal} refusal */
          failed: ({ text }) => say(text),
          /** @param {UndoAnswer} answer */
          after(answer) {
            const key = crypto.randomUUID();
            const go = h("button.button", { "data-key": `go-undo-${one.change_id}`, onclick: () => {
              busy(go, true);
              emit("undo", { key, body: { change_id: one.change_id }, redo: one.redoes, ended: () => busy(go, false) });
            } }, verb);
            content.replaceChildren(effect(answer), go);
          },
        });
      },
    }, h("summary.action", { "data-key": `undo-${one.change_id}` }, verb), content);
    kept.set(one.change_id, box);
    return box;
  }

  function draw() {
    const { t, lang, format, rosters, data, today } = context;
    const first = data.history.changes;
    if (extra.after !== first[0]?.change_id) extra = { after: first[0]?.change_id, changes: [], more: data.history.more };
    changes = [...first, ...extra.changes];
    older.hidden = !extra.more;
    older.textContent = t("app.history.older");
    /** @param {number} id */
    const roster = (id) => rosters.find((one) => one.id === id) ?? rosters[0];
    paint([changes, lang, today], () => (changes.length ? changes.map((one) => h(one.undone ? "li.row.undone" : "li.row",
      h("div.who",
        h("span.when", dots(format(roster(one.roster_id).timezone).moment(Date.parse(one.at), today), rosters.length > 1 && roster(one.roster_id).name)),
        h(one.undone ? "s.text" : "span.text", one.text),
        one.undone && h("span.when", t("app.history.undone"))),
      !one.undone && undo(one))) : [h("li.when", t("app.history.none"))]));
  }

  return (given) => {
    context = given;
    draw();
  };
}

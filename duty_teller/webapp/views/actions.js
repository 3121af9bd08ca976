import { dots, h } from "../ui.js";

/**
 * What can be done to something: a button that opens a small form under it. A form is kept by its name, so that nothing typed is
 * lost when what lies around it is drawn anew.
 * @param {Emit} emit
 * @returns {MakeAction}
 */
export function mountActions(emit) {
  /** @type {Map<string, HTMLElement>} */
  const kept = new Map();
  return (name, { path, title, about, confirm, done, body, fields = [], opened }) => {
    const known = kept.get(name);
    if (known) return known;
    const wrong = h("p.wrong", { role: "alert", hidden: "hidden" });
    const go = h("button.button", { "data-key": `go-${name}` }, confirm);
    go.type = "submit";
    // One key for one intent: a second tap, or another try after a lost answer, is the same action.
    let key = crypto.randomUUID();
    /** @type {HTMLFormElement} */
    const form = h("form", {
      onsubmit: (event) => {
        event.preventDefault();
        go.disabled = true;
        wrong.hidden = true;
        emit("do", {
          path, key, done, body: body(/** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)))),
          /** @param {{kind: string, text: string}} [error] */
          after(error) {
            go.disabled = false;
            if (!error) {
              form.reset();
              box.open = false;
              return kept.delete(name);
            }
            if (error.kind === "refused") key = crypto.randomUUID();
            wrong.textContent = error.text;
            wrong.hidden = false;
            return undefined;
          },
        });
      },
      oninput: () => { key = crypto.randomUUID(); },
    }, about && h("p.when", about), ...fields, wrong, go);
    const box = h("details.act", opened && { ontoggle: () => box.open && opened(emit, go) }, h("summary.action", { "data-key": `act-${name}` }, title), form);
    kept.set(name, box);
    return box;
  };
}

/** A labelled field. @param {string} label @param {HTMLElement} control */
export const field = (label, control) => h("label.field", h("span.label", label), control);

const ABSENCES = ["vacation", "sick", "unavailable"];

/**
 * The form that says when somebody is away: oneself, or (by an admin) anybody.
 * @param {MakeAction} action @param {Translate} t @param {Day} on The day that it starts from.
 * @param {{id: number, name: string}[]} [people] Who is to be chosen from; none: oneself.
 */
export function awayAction(action, t, on, people = []) {
  /** @param {string} name */
  const day = (name) => h("input", { type: "date", name, value: on, required: "required" });
  const kinds = h("select", { name: "kind" }, ABSENCES.map((kind) => h("option", { value: kind }, t(`app.kind.${kind}`))));
  const [first, last] = [day("first"), day("last")];
  first.addEventListener("change", () => { if (last.value < first.value) last.value = first.value; });
  const whose = people.length ? ".other" : "";
  const who = h("select", { name: "user_id", required: "required" }, h("option", { value: "" }, t("app.change.choose")),
    people.map(({ id, name }) => h("option", { value: id }, name)));
  return action(`away-${on}${whose}`, {
    path: "away", title: t(`app.do.away${whose}`), about: "", confirm: t("app.do.away.go"),
    fields: [...people.length ? [field(t("app.do.away.who"), who)] : [], field(t("app.do.away.kind"), kinds),
      h("div.dates", field(t("app.do.away.first"), first), field(t("app.do.away.last"), last))],
    body: ({ user_id: user, ...values }) => ({ ...values, ...(user && { user_id: Number(user) }) }),
    done: ({ affected, asked }) => dots(t("app.do.away.done"), affected > 0 && t(`app.do.away.affected${whose}`, { n: affected }), asked > 0 && t("app.do.cover.done", { n: asked })),
  });
}

/** Ends an absence, or removes one that has not begun. @param {MakeAction} action @param {number} id @param {Translate} t */
export const backAction = (action, id, t) => action(`back-${id}`, {
  path: "back", title: t("app.do.back"), about: t("app.do.back.text"), confirm: t("app.do.back"),
  body: () => ({ duty_id: id }), done: () => t("app.do.back.done"),
});

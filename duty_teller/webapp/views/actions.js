import { h } from "../ui.js";

/**
 * What can be done to something: a button that opens a small form under it. A form is kept by its name, so that nothing typed is
 * lost when what lies around it is drawn anew.
 * @param {Emit} emit
 * @returns {MakeAction}
 */
export function mountActions(emit) {
  /** @type {Map<string, HTMLElement>} */
  const kept = new Map();
  return (name, { path, title, about, confirm, done, body, fields = [] }) => {
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
    const box = h("details.act", h("summary.action", { "data-key": `act-${name}` }, title), form);
    kept.set(name, box);
    return box;
  };
}

/** A labelled field. @param {string} label @param {HTMLElement} control */
export const field = (label, control) => h("label.field", h("span.label", label), control);

/**
 * What is done to a time on duty: cover is found for one's own (by an admin for anybody's), a colleague's that is running is taken over.
 * @param {MakeAction} action
 * @param {{id: number, own: boolean, start: Instant, end: Instant, asked?: number | null, name?: string}} shift
 * @param {{t: Translate, format: Formats, now: Instant, canAct: boolean, admin: boolean}} context
 */
export function shiftActions(action, shift, { t, format, now, canAct, admin }) {
  if (!canAct || shift.end <= now) return [];
  const found = [];
  if (shift.own || admin) found.push(coverAction(action, shift, t));
  if (!shift.own && shift.start <= now) {
    found.push(action(`over-${shift.id}`, {
      path: "take_over", title: t("app.do.over"),
      about: t("app.do.over.text", { name: shift.name, moment: format.moment(shift.end, "") }), confirm: t("app.do.over.go"),
      body: () => ({ duty_id: shift.id }), done: () => t("app.do.over.done"),
    }));
  }
  return found;
}

/**
 * Asks for cover, or takes that back.
 * @param {MakeAction} action @param {{id: number, own: boolean, asked?: number | null, name?: string}} shift @param {Translate} t
 */
function coverAction(action, shift, t) {
  const whose = shift.own ? "" : ".other";
  if (shift.asked) {
    return action(`withdraw-${shift.asked}`, {
      path: "withdraw", title: t("app.do.withdraw"), about: t(`app.do.withdraw.text${whose}`, { name: shift.name }), confirm: t("app.do.withdraw"),
      body: () => ({ request_id: shift.asked }), done: () => t("app.do.withdraw.done"),
    });
  }
  return action(`cover-${shift.id}`, {
    path: "cover", title: t("app.do.cover"), about: t(`app.do.cover.text${whose}`, { name: shift.name }), confirm: t("app.do.cover.go"),
    fields: [field(t("app.do.reason"), h("input", { name: "reason", maxlength: 100, autocomplete: "off" }))],
    body: ({ reason }) => ({ duty_id: shift.id, reason }), done: ({ asked }) => t("app.do.cover.done", { n: asked }),
  });
}

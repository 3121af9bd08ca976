import { busy, h } from "../ui.js";

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
        busy(go, true);
        wrong.hidden = true;
        emit("do", {
          path, key, done, from: form, body: body(/** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)))),
          /** @param {{kind: string, text: string}} [error] */
          after(error) {
            busy(go, false);
            if (!error) {
              form.reset();
              if (form.contains(document.activeElement)) summary.focus();
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
    const summary = h("summary.action", { "data-key": `act-${name}` }, title);
    const box = h("details.act", opened && { ontoggle: () => box.open && opened(emit, go) }, summary, form);
    kept.set(name, box);
    return box;
  };
}

/** A labelled field. @param {string} label @param {HTMLElement} control */
export const field = (label, control) => h("label.field", h("span.label", label), control);

/** A request for cover or a swap, as the bot has told of it, with the same answers. */
import { busy, h, painter } from "../ui.js";
import { mountDialog } from "../views/sheet.js";

/**
 * The sheet of one request.
 * @param {HTMLDialogElement} dialog @param {Emit} emit
 * @returns {Update<{request: CoverRequest | null, t: Translate, lang: string}>}
 */
export function mountRequest(dialog, emit) {
  const paint = painter(dialog);
  const sheet = mountDialog(dialog, () => emit("unrequest"));
  const wrong = h("p.wrong", { role: "alert", hidden: "hidden" });

  /** @param {CoverRequest} request @param {{answer: string, label: string}} choice */
  function button(request, { answer, label }) {
    // One key for one answer: a second tap is the same one.
    const key = crypto.randomUUID();
    const node = h("button.action", {
      "data-key": `answer-${answer}`,
      onclick() {
        busy(node, true);
        wrong.hidden = true;
        emit("do", {
          path: "answer", key, from: node, body: { request_id: request.id, answer }, done: (/** @type {CoverRequest} */ now) => now.lines[0],
          /** @param {{text: string}} [error] */
          after(error) {
            busy(node, false);
            wrong.hidden = !error;
            wrong.textContent = error?.text ?? "";
          },
        });
      },
    }, label);
    return node;
  }

  return ({ request, t, lang }) => {
    paint([request, lang], () => (request ? [h("div.sheet",
      sheet.head(t, request.lines[0]),
      ...request.lines.slice(1).map((line) => h("p", line)),
      request.choices.length > 0 ? h("div.contacts", request.choices.map((choice) => button(request, choice))) : h("p.when", t("app.request.done")),
      wrong)] : []));
    sheet.show(Boolean(request));
  };
}

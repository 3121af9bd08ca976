import { h } from "../ui.js";

/**
 * A modal dialog that comes up from below: closed by Esc, the backdrop, its button or Telegram's back button.
 * @param {HTMLDialogElement} dialog @param {() => void} onClose
 */
export function mountDialog(dialog, onClose) {
  dialog.addEventListener("close", onClose);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return {
    /** The head with the title and the button that closes. @param {Translate} t @param {...Child} title */
    head: (t, ...title) => h("header",
      h("h2", { id: `${dialog.id}-title` }, ...title),
      h("button.x", { "data-key": "close", "aria-label": t("app.day.close"), onclick: () => dialog.close() })),
    /** @param {boolean} open */
    show(open) {
      if (!open && dialog.open) dialog.close();
      if (!open || dialog.open) return;
      dialog.showModal();
      /** @type {HTMLElement} */ (dialog.querySelector(".x")).focus(/** @type {FocusOptions} */ ({ focusVisible: false }));
    },
  };
}

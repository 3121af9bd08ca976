/** What admins alone see: the history of changes with undo. */
import { h } from "../ui.js";
import { mountHistory } from "../views/history.js";

/** @param {Api} api @returns {Promise<AdminContext["data"]>} */
export const load = (api) => api.get("/api/history").then((/** @type {HistoryAnswer} */ history) => ({ history }));

/** The view of the tab Admin. @param {HTMLElement} root @param {Emit} emit @returns {Update<AdminContext>} */
export function mount(root, emit) {
  const heading = h("h1.title");
  const changes = h("div");
  root.append(h("section.card.wide", heading, changes));
  const history = mountHistory(changes, emit);
  return (context) => {
    heading.textContent = context.t("app.history.title");
    history(context);
  };
}

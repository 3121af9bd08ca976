import { h, painter } from "../ui.js";

/**
 * The switch between rosters.
 * @param {HTMLElement} root @param {Emit} emit
 * @returns {Update<{rosters: Roster[], rosterId: number, t: Translate, lang: string}>}
 */
export function mountRosters(root, emit) {
  const paint = painter(root);
  return ({ rosters, rosterId, t, lang }) => {
    root.hidden = rosters.length < 2;
    if (root.hidden) return;
    paint([rosters, lang], () => [
      h("select", { "data-key": "roster", "aria-label": t("app.roster"), onchange: (event) => emit("roster", Number(event.target.value)) },
        rosters.map((roster) => h("option", { value: roster.id }, roster.name || t("app.roster.default"))))]);
    /** @type {HTMLSelectElement} */ (root.querySelector("select")).value = String(rosterId);
  };
}

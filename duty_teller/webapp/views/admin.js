/** What admins alone see: importing a roster file, a week of shifts to change, rosters and settings, and the history of changes with undo. */
import { aria, h, painter } from "../ui.js";
import { mountBoard } from "./board.js";
import { mountHistory } from "./history.js";
import { mountImport } from "./import.js";
import { mountSettings } from "./settings.js";

const PARTS = ["import", "board", "settings", "history"];

/** @param {Api} api @returns {Promise<AdminContext["data"]>} */
export const load = async (api) => {
  const stepAt = performance.now();
  const [history, step, rosters, upkeep] = await Promise.all([
    api.get("/api/history"), api.post("/api/imports/step", { do: "look" }), api.get("/api/rosters"), api.get("/api/upkeep"),
  ]);
  return { history, step, stepAt, rosters, upkeep };
};

/** The view of the tab Admin. @param {HTMLElement} root @param {Emit} emit @returns {Update<AdminContext>} */
export function mount(root, emit) {
  let part = PARTS[0];
  /** @type {AdminContext} */
  let context;
  const heading = h("h1.title");
  const choice = h("div.segments", { role: "group" });
  const paint = painter(choice);
  const places = PARTS.map((name) => h("div", { id: `admin-${name}` }));
  root.append(h("section.card.wide", heading, choice, places));
  const updates = [mountImport, mountBoard, mountSettings, mountHistory].map((one, index) => one(places[index], emit));

  function draw() {
    const { t, lang } = context;
    heading.textContent = t(`app.admin.${part}.title`);
    aria(choice, "label", t("app.tab.admin"));
    paint([part, lang], () => PARTS.map((name) => h("button.segment", {
      "aria-pressed": String(name === part), "data-key": name,
      onclick: () => {
        part = name;
        draw();
      },
    }, t(`app.admin.${name}`))));
    places.forEach((place, index) => { place.hidden = PARTS[index] !== part; });
    for (const update of updates) update(context);
  }

  return (given) => {
    context = given;
    draw();
  };
}

/** The team: who is on duty or away, when each is on next, and how to reach them. */
import { teamModel } from "../models/people.js";
import { aria, badge, contacts, h, nameOf, painter } from "../ui.js";

/** With fewer people than this nobody has to look for one. */
const WORTH_SEARCHING = 9;

/** @param {Api} api @returns {Promise<Teammate[]>} */
export const load = (api) => api.get("/api/team");

/** @param {Mate} one @param {TeamContext} context */
function stateText(one, { t, format }) {
  const lines = [];
  if (one.away) {
    lines.push(h("span.away", h(`span.mark.${one.away.type}`),
      t("app.team.away", { kind: t(`app.kind.${one.away.type}`), day: format(one.away.zone).days(one.away.end - 1, one.away.end) })));
  }
  if (one.next) {
    const moment = format(one.next.zone).moment(one.next.running ? one.next.end : one.next.start, one.next.today);
    lines.push(one.next.running ? h("strong.when.on", t("app.team.on", { moment })) : h("span.when", t("app.team.next", { moment })));
  } else if (!one.away) lines.push(h("span.when", t("app.team.free")));
  return lines;
}

/** The view of the tab Team. @param {HTMLElement} root @param {Emit} emit @returns {Update<TeamContext>} */
export function mount(root, emit) {
  const heading = h("h1.title");
  const search = h("input.search", { type: "search", autocomplete: "off", enterkeyhint: "search" });
  const list = h("ul.team");
  const none = h("p.when", { role: "status" });
  root.append(h("section.card.wide", heading, search, none, list));
  /** @type {TeamContext} */
  let context;
  search.addEventListener("input", () => draw());
  const paint = painter(list);
  function draw() {
    const { t, lang, data } = context;
    const people = teamModel({ ...context, team: data, wanted: search.value });
    none.hidden = people.length > 0;
    none.textContent = people.length ? "" : t(search.value ? "app.team.nobody" : "app.team.empty");
    paint([people, lang], () => people.map((one) => h("li.mate",
      badge(one),
      h("div.who", nameOf(one, t), ...stateText(one, context), one.phone && h("span.when.number-line", one.phoneText)),
      contacts(one, t, emit, "icons"))));
  }
  return (given) => {
    context = given;
    const { t, data } = context;
    heading.textContent = t("app.team.title", { n: data.length });
    aria(search, "label", t("app.team.search"));
    search.placeholder = t("app.team.search");
    search.hidden = data.length < WORTH_SEARCHING;
    draw();
  };
}

/** The team: who is on duty or away, when each is on next, and how to reach them. */
import { peopleModel, teamModel } from "../models/people.js";
import { aria, badge, contacts, h, icon, nameOf, painter } from "../ui.js";
import { field, mountActions } from "../views/actions.js";
import { mountPerson, standing } from "../views/person.js";

/** With fewer people than this nobody has to look for one. */
const WORTH_SEARCHING = 9;

/** @param {Api} api @param {{admin: boolean}} about @returns {Promise<TeamContext["data"]>} */
export async function load(api, { admin }) {
  const [team, people] = await Promise.all([api.get("/api/team"), admin ? api.get("/api/people") : []]);
  return { team, people };
}

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
  const [others, adding] = [h("div"), h("div.adding")];
  const dialog = h("dialog", { id: "person", "aria-labelledby": "person-title" });
  root.append(h("section.card.wide", heading, search, none, list, others, adding), dialog);
  /** @type {number | null} Whose sheet is open. */
  let openId = null;
  const person = mountPerson(dialog, emit, () => { openId = null; });
  const action = mountActions(emit);
  /** @type {TeamContext} */
  let context;
  search.addEventListener("input", () => draw());
  const [paint, paintOthers, paintAdding] = [list, others, adding].map(painter);

  /** The button of an admin that opens somebody's sheet. @param {{id: number, name: string}} one @param {Translate} t */
  const more = ({ id, name }, t) => h("button.action.round", {
    "data-key": `more-${id}`, "aria-label": t("app.people.more", { name }),
    onclick() {
      openId = id;
      draw();
    },
  }, icon("edit"));

  /** @param {Translate} t */
  const addAction = (t) => action("add", {
    path: "add_person", title: t("app.people.add"), about: t("app.people.add.text"), confirm: t("app.people.add"),
    fields: [field(t("app.people.name"), h("input", { name: "name", maxlength: 100, autocomplete: "off", required: "required" }))],
    body: ({ name }) => ({ name }), done: ({ full_name: name }) => t("app.people.added", { name }),
  });

  function draw() {
    const { t, lang, data, admin } = context;
    const people = teamModel({ ...context, team: data.team, wanted: search.value });
    const managed = peopleModel({ ...data, wanted: search.value });
    none.hidden = people.length > 0;
    none.textContent = people.length ? "" : t(search.value ? "app.team.nobody" : "app.team.empty");
    paintAdding([admin, lang], () => [admin && addAction(t)]);
    paintOthers([managed.others, lang], () => (managed.others.length ? [
      h("h2.label.later", t("app.people.others")),
      h("ul", managed.others.map((one) => h("li.mate",
        badge({ name: one.full_name, colour: one.colour }),
        h("div.who", h("span.name", one.full_name), h("span.when", standing(one, t))),
        h("div.contacts.small", more({ id: one.id, name: one.full_name }, t))))),
    ] : []));
    person({ one: managed.all.get(openId ?? 0) ?? null, t, lang });
    paint([people, [...managed.all.values()], lang], () => people.map((one) => h("li.mate",
      badge(one),
      h("div.who", nameOf(one, t), ...stateText(one, context), one.phone && h("span.when.number-line", one.phoneText)),
      contacts(one, t, emit, "icons"),
      managed.all.has(one.id) && h("div.contacts.small", more(one, t)))));
  }
  return (given) => {
    context = given;
    const { t, data } = context;
    heading.textContent = t("app.team.title", { n: data.team.length });
    aria(search, "label", t("app.team.search"));
    search.placeholder = t("app.team.search");
    search.hidden = data.team.length < WORTH_SEARCHING;
    draw();
  };
}

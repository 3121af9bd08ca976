/** Who is on duty, in every roster at once: for how long still, how to reach them, and who is next. */
import { badge, besideLine, contacts, dots, h, mountZoneSwitch, nameOf, painter, positionText } from "../ui.js";

/**
 * How long an instant is away: days from two days on, else hours and minutes. Empty when it has passed.
 * @param {Instant} instant @param {Instant} now @param {Translate} t
 */
function leftText(instant, now, t) {
  const minutes = Math.ceil((instant - now) / 60_000);
  if (minutes <= 0) return "";
  if (minutes >= 2 * 1440) return t("app.left.days", { n: Math.floor(minutes / 1440) });
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return t(hours ? "app.left.hours" : "app.left.minutes", { hours, minutes: rest });
}

/** @param {NowCard} model @param {boolean} several @param {Zoned} context @param {Emit} emit */
function rosterCard(model, several, { t, format, admin }, emit) {
  const { current, next, gap } = model;
  /** @param {Instant} instant */
  const moment = (instant) => format(model.zone).moment(instant, model.today);
  /** @param {Instant} instant */
  const beside = (instant) => besideLine(format(model.zone).beside(model.today, instant), t);
  const gapText = gap && t(`app.gap.${gap.open ? "now" : "later"}${gap.end ? "" : ".open"}`, { start: moment(gap.start), end: gap.end && moment(gap.end) });
  const title = t(current.length > 1 ? "app.now.several" : current[0]?.own ? "app.now.you" : "app.now");
  const shouts = gap && (gap.open || !gap.end);
  return h("section.card", { "data-roster": model.rosterId },
    several && h("h2.roster", model.name || t("app.roster.default")),
    model.unknown ? h("div.calm", h("strong", t("app.now.unknown"))) : model.nobody
      ? h(shouts ? "div.alarm" : "div.calm", h("strong", t("app.now.nobody")), gap?.open && h("span", gapText),
        admin && gap?.open && !gap.end && h("button.action", { "data-key": `to-import-${model.rosterId}`, onclick: () => emit("tab", "admin") }, t("app.admin.import.title")))
      : h(several ? "h3.label" : "h2.label", title),
    current.length > 0 && h("ul.people", current.map((entry) => h("li.person",
      badge(entry),
      h("div.who",
        nameOf(entry, t),
        h("span.when", dots(t("app.now.until", { moment: moment(entry.end) }), positionText(entry.position, t))),
        beside(entry.end),
        h("span.left", { "data-until": entry.end })),
      contacts(entry, t, emit)))),
    gap && !gap.open && h("p.gap", gapText),
    next.length > 0 && h("div.next",
      h(several ? "h3.label" : "h2.label", t("app.next")),
      h("ul", next.map((entry) => h("li",
        h(`span.dot.c${entry.colour}`),
        h("div.who",
          nameOf(entry, t),
          h("span.when", dots(t("app.next.from", { moment: moment(entry.start) }), positionText(entry.position, t))),
          beside(entry.start)),
        contacts(entry, t, emit, "icons"))))),
    next.length === 0 && !gap && !model.old && h("p.when", t("app.next.nobody")));
}

/**
 * The view of the tab Now. `models` are of `nowModel`, one a roster.
 * @param {HTMLElement} root @param {Emit} emit @returns {Update<Zoned & {models: NowCard[]}>}
 */
export function mount(root, emit) {
  const heading = h("h1.hidden");
  const list = h("div.rosters");
  const foot = h("div.zones");
  root.append(heading, list, foot);
  const [paint, zones] = [painter(list), mountZoneSwitch(foot, emit)];
  return (context) => {
    const { models, t, lang, now } = context;
    heading.textContent = t("app.tab.now");
    zones(context);
    paint([models, lang, context.besides, context.admin], () => models.map((model) => rosterCard(model, models.length > 1, context, emit)));
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("[data-until]"))) {
      const text = leftText(Number(node.dataset.until), now, t);
      if (node.textContent !== text) node.textContent = text;
    }
  };
}

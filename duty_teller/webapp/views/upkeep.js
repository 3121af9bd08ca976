/** What admins keep in order around the rosters: calendars of others, digests of groups, backups. */
import { busy, h, painter } from "../ui.js";
import { field, mountActions } from "./actions.js";

const DIGESTS = ["off", "weekly", "handover"];
const MEGABYTE = 1024 * 1024;

/** @param {HTMLElement} root @param {Emit} emit @returns {(context: AdminContext, rosterId: number) => void} */
export function mountUpkeep(root, emit) {
  const parts = ["calendars", "digests", "backup"].map((name) => {
    const [summary, content] = [h("summary.action", { "data-key": `more-${name}` }), h("div.fields")];
    root.append(h("details.act.more", summary, content));
    return { summary, content, paint: painter(content), title: `app.set.${name}` };
  });
  const action = mountActions(emit);

  /** Does something without a form: a tap is the whole of it. @param {HTMLButtonElement | HTMLSelectElement} control @param {string} path @param {object} body @param {(answer: any) => string} done @param {() => void} [undone] */
  function tap(control, path, body, done, undone) {
    const isChoice = control instanceof HTMLSelectElement;
    if (isChoice) control.disabled = true; // what is at work hears no click, but a choice would change
    else busy(control, true);
    emit("do", {
      path, key: crypto.randomUUID(), body, done,
      /** @param {Refusal} [error] */
      after(error) {
        control.disabled = false;
        busy(control, false);
        if (isChoice && document.activeElement === document.body) control.focus();
        if (!error) return;
        undone?.();
        emit("say", error.text);
      },
    });
  }

  /** @param {OtherCalendar} one @param {Translate} t */
  function calendar(one, t) {
    const to = one.is_absences ? "as_events" : "as_absences";
    const read = h("button.action", { "data-key": `read-${one.id}`, "aria-label": t("app.set.calendars.read.which", { name: one.name }), onclick: () =>
      tap(read, "read_calendar", { calendar_id: one.id }, () => t("app.set.calendars.was_read")) }, t("app.set.calendars.read"));
    return h("li.row", h("div.who", h("span.name", one.name), h("span.when", one.host),
      one.lines.map((line) => h(one.in_trouble ? "span.gap" : "span.when", line)), one.from_setting && h("span.when", t("app.set.calendars.set"))),
    h("div.acts", read,
      action(`${to}-${one.id}`, {
        path: "calendar_kind", title: t(`app.set.calendars.${to}`), about: t(`app.set.calendars.${to}.text`), confirm: t(`app.set.calendars.${to}`),
        body: () => ({ calendar_id: one.id, absences: !one.is_absences }), done: () => t("app.set.calendars.was_read"),
      }),
      !one.from_setting && action(`remove-calendar-${one.id}`, {
        path: "remove_calendar", title: t("app.set.calendars.remove"), about: t("app.set.calendars.remove.text"), confirm: t("app.set.calendars.remove.go", { name: one.name }),
        body: () => ({ calendar_id: one.id }), done: () => t("app.set.calendars.removed"),
      })));
  }

  /** @param {number} rosterId @param {Translate} t */
  const newCalendar = (rosterId, t) => action(`add-calendar-${rosterId}`, {
    path: "add_calendar", title: t("app.set.calendars.add"), about: "", confirm: t("app.set.calendars.add"),
    fields: [
      field(t("app.set.calendars.name"), h("input", { name: "name", required: "required", maxlength: 60, autocomplete: "off" })),
      field(t("app.set.calendars.address"), h("input", { name: "address", type: "url", required: "required", maxlength: 2000, autocomplete: "off", placeholder: "https://" })),
    ],
    body: (values) => ({ roster_id: rosterId, ...values }), done: () => t("app.set.calendars.added"),
  });

  /** @param {UpkeepAnswer["groups"][0]} group @param {Translate} t */
  function digest(group, t) {
    const choice = h("select", { "data-key": `digest-${group.chat_id}` }, DIGESTS.map((kind) => h("option", { value: kind }, t(`app.set.digest.${kind}`))));
    choice.value = group.digest;
    choice.onchange = () => tap(choice, "digest", { chat_id: group.chat_id, digest: choice.value }, () => t("app.set.saved"), () => { choice.value = group.digest; });
    return field(group.title, choice);
  }

  return ({ data, t, lang, format, today, rosters }, rosterId) => {
    const { calendars, groups, backs_up: backsUp, backup } = data.upkeep;
    for (const { summary, title } of parts) summary.textContent = t(title);
    const [theirs, digests, backups] = parts.map(({ paint }) => paint);
    const shown = calendars.filter((one) => one.roster_id === rosterId);
    theirs([shown, rosterId, lang], () => [
      shown.length ? h("ul.list", shown.map((one) => calendar(one, t))) : h("p.when", t("app.set.calendars.none")),
      newCalendar(rosterId, t),
    ]);
    digests([groups, lang], () => [h("p.when", t(groups.length ? "app.set.digests.text" : "app.set.digests.none")), h("div.fields", groups.map((group) => digest(group, t)))]);
    const zone = rosters.find(({ id }) => id === rosterId)?.timezone ?? "UTC";
    backups([backsUp, backup, lang, today], () => {
      if (!backsUp) return [h("p.when", t("app.set.backup.server"))];
      const make = h("button.action", { "data-key": "make-backup", onclick: () => tap(make, "backup", {}, () => t("app.set.backup.made")) }, t("app.set.backup.make"));
      const size = backup && format(zone).number(Math.max(0.1, backup.size / MEGABYTE));
      return [
        h("p", backup ? t("app.set.backup.last", { moment: format(zone).moment(Date.parse(backup.made_at), today), size }) : t("app.set.backup.none")),
        h("p.when", t("app.set.backup.text")), make,
      ];
    });
  };
}

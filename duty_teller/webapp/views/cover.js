/** What is done to a time on duty: cover is found for it, or it is taken over. */
import { sentTime, wallTime } from "../models/changes.js";
import { dots, h } from "../ui.js";
import { field } from "./actions.js";

/** How many names are told of those who would be asked. */
const NAMED = 8;

/**
 * What is done to a time on duty: cover is found for one's own (by an admin for anybody's), a colleague's that is running is taken over.
 * @param {MakeAction} action
 * @param {OnDuty} shift
 * @param {{t: Translate, format: Formats, now: Instant, canAct: boolean, admin: boolean, zone: string}} context
 */
export function shiftActions(action, shift, { t, format, now, canAct, admin, zone }) {
  if (!canAct || shift.end <= now) return [];
  const found = [];
  if (shift.own || admin) found.push(coverAction(action, shift, t, format, zone));
  if (!shift.own && shift.start <= now) {
    found.push(action(`over-${shift.id}`, {
      path: "take_over", title: t("app.do.over"),
      about: t("app.do.over.text", { name: shift.name, moment: format.moment(shift.end, "") }), confirm: t("app.do.over.go"),
      body: () => ({ duty_id: shift.id }), done: () => t("app.do.over.done"),
    }));
  }
  return found;
}

/** The part of a time on duty that somebody is looked for; "" where it is all of it. @param {Omit<OnDuty, "own">} shift @param {Formats} format */
export function askedPart({ start, end, askedStart, askedEnd }, format) {
  if (!askedStart || !askedEnd) return "";
  const [from, to] = [Date.parse(askedStart), Date.parse(askedEnd)];
  return from <= start && to >= end ? "" : format.span(from, to, "");
}

/**
 * Asks for cover of a time on duty or a part of it, or takes that back.
 * @param {MakeAction} action @param {OnDuty} shift @param {Translate} t @param {Formats} format @param {string} zone
 */
function coverAction(action, shift, t, format, zone) {
  const whose = shift.own ? "" : ".other";
  if (shift.asked) {
    return action(`withdraw-${shift.asked}`, {
      path: "withdraw", title: t("app.do.withdraw"),
      about: dots(askedPart(shift, format), t(`app.do.withdraw.text${whose}`, { name: shift.name })), confirm: t("app.do.withdraw"),
      body: () => ({ request_id: shift.asked }), done: () => t("app.do.withdraw.done"),
    });
  }
  const [from, to] = [shift.start, shift.end].map((moment, index) =>
    h("input", { type: "datetime-local", name: ["start", "end"][index], value: wallTime(moment, zone), required: "required" }));
  const whom = mountWhom(t);
  const part = () => ({ duty_id: shift.id, start: sentTime(from.value, shift.start, zone), end: sentTime(to.value, shift.end, zone) });
  return action(`cover-${shift.id}-${shift.start}-${shift.end}`, {
    path: "cover", title: t("app.do.cover"), about: t(`app.do.cover.text${whose}`, { name: shift.name }), confirm: t("app.do.cover.go"),
    fields: [
      h("p.when", t("app.do.cover.part")),
      h("div.dates", field(t("app.change.from.part"), from), field(t("app.change.to.part"), to)),
      ...whom.nodes,
      field(t("app.do.reason"), h("input", { name: "reason", maxlength: 100, autocomplete: "off" })),
    ],
    opened(emit, go) {
      const look = () => { if (from.value && to.value) whom.look(emit, go, part()); };
      from.onchange = look;
      to.onchange = look;
      look();
    },
    body: ({ reason, chat_id: group }) => ({ ...part(), reason, ...(group && { chat_id: Number(group) }) }),
    done: ({ asked }) => (asked ? t("app.do.cover.done", { n: asked }) : t("app.do.cover.done.group")),
  });
}

/** Whom cover is asked of: colleagues one by one, or a group; who that is comes when the form is opened. @param {Translate} t */
function mountWhom(t) {
  const choice = h("select", { name: "chat_id" }, h("option", { value: "" }, "…"));
  const label = field(t("app.do.cover.whom"), choice);
  const line = h("p.when.awaited", { role: "status" });
  let turn = 0;
  return {
    nodes: [label, line],
    /** Asks for it. @param {Emit} emit @param {HTMLButtonElement} go @param {{duty_id: number, start: string, end: string}} part */
    look(emit, go, part) {
      const mine = ++turn;
      /** @param {CoverAnswer} found */
      function show({ people, rested, groups }) {
        const names = people.slice(0, NAMED).join(", ");
        const more = people.length > NAMED ? t("app.do.cover.names.more", { names, count: people.length - NAMED }) : names;
        const chosen = choice.value;
        choice.replaceChildren(...people.length || !groups.length ? [h("option", { value: "" }, t("app.do.cover.people", { n: people.length }))] : [],
          ...groups.map(({ chat_id: id, title }) => h("option", { value: id }, t("app.do.cover.group", { title }))));
        if ([...choice.options].some(({ value }) => value === chosen)) choice.value = chosen;
        go.disabled = !people.length && !groups.length;
        choice.onchange = () => {
          go.textContent = t(choice.value ? "app.do.cover.go.group" : "app.do.cover.go");
          line.textContent = choice.value ? t("app.do.cover.names.group")
            : people.length ? [t("app.do.cover.names", { names: more }), !rested && t("app.do.cover.tired")].filter(Boolean).join(" ")
              : t("app.do.cover.nobody");
          emit("resize");
        };
        choice.onchange(new Event("change"));
      }
      emit("ask", {
        path: `/api/cover?${new URLSearchParams({ ...part, duty_id: String(part.duty_id) })}`,
        /** @param {CoverAnswer} found */
        after: (found) => mine === turn && show(found),
        failed: (/** @type {Refusal} */ { text }) => { if (mine === turn) line.textContent = text; },
      });
    },
  };
}

import { sentTime, wallTime } from "../models/changes.js";
import { dots, h } from "../ui.js";

/**
 * What can be done to something: a button that opens a small form under it. A form is kept by its name, so that nothing typed is
 * lost when what lies around it is drawn anew.
 * @param {Emit} emit
 * @returns {MakeAction}
 */
export function mountActions(emit) {
  /** @type {Map<string, HTMLElement>} */
  const kept = new Map();
  return (name, { path, title, about, confirm, done, body, fields = [] }) => {
    const known = kept.get(name);
    if (known) return known;
    const wrong = h("p.wrong", { role: "alert", hidden: "hidden" });
    const go = h("button.button", { "data-key": `go-${name}` }, confirm);
    go.type = "submit";
    // One key for one intent: a second tap, or another try after a lost answer, is the same action.
    let key = crypto.randomUUID();
    /** @type {HTMLFormElement} */
    const form = h("form", {
      onsubmit: (event) => {
        event.preventDefault();
        go.disabled = true;
        wrong.hidden = true;
        emit("do", {
          path, key, done, body: body(/** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)))),
          /** @param {{kind: string, text: string}} [error] */
          after(error) {
            go.disabled = false;
            if (!error) {
              form.reset();
              box.open = false;
              return kept.delete(name);
            }
            if (error.kind === "refused") key = crypto.randomUUID();
            wrong.textContent = error.text;
            wrong.hidden = false;
            return undefined;
          },
        });
      },
      oninput: () => { key = crypto.randomUUID(); },
    }, about && h("p.when", about), ...fields, wrong, go);
    const box = h("details.act", h("summary.action", { "data-key": `act-${name}` }, title), form);
    kept.set(name, box);
    return box;
  };
}

/** A labelled field. @param {string} label @param {HTMLElement} control */
export const field = (label, control) => h("label.field", h("span.label", label), control);

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
  return action(`cover-${shift.id}-${shift.start}-${shift.end}`, {
    path: "cover", title: t("app.do.cover"), about: t(`app.do.cover.text${whose}`, { name: shift.name }), confirm: t("app.do.cover.go"),
    fields: [
      h("p.when", t("app.do.cover.part")),
      h("div.dates", field(t("app.change.from.part"), from), field(t("app.change.to.part"), to)),
      field(t("app.do.reason"), h("input", { name: "reason", maxlength: 100, autocomplete: "off" })),
    ],
    body: ({ reason, start, end }) => ({ duty_id: shift.id, start: sentTime(start, shift.start, zone), end: sentTime(end, shift.end, zone), reason }),
    done: ({ asked }) => t("app.do.cover.done", { n: asked }),
  });
}

const ABSENCES = ["vacation", "sick", "unavailable"];

/**
 * The form that says when somebody is away: oneself, or (by an admin) anybody.
 * @param {MakeAction} action @param {Translate} t @param {Day} on The day that it starts from.
 * @param {{id: number, name: string}[]} [people] Who is to be chosen from; none: oneself.
 */
export function awayAction(action, t, on, people = []) {
  /** @param {string} name */
  const day = (name) => h("input", { type: "date", name, value: on, required: "required" });
  const kinds = h("select", { name: "kind" }, ABSENCES.map((kind) => h("option", { value: kind }, t(`app.kind.${kind}`))));
  const [first, last] = [day("first"), day("last")];
  first.addEventListener("change", () => { if (last.value < first.value) last.value = first.value; });
  const whose = people.length ? ".other" : "";
  const who = h("select", { name: "user_id", required: "required" }, h("option", { value: "" }, t("app.change.choose")),
    people.map(({ id, name }) => h("option", { value: id }, name)));
  return action(`away-${on}${whose}`, {
    path: "away", title: t(`app.do.away${whose}`), about: "", confirm: t("app.do.away.go"),
    fields: [...people.length ? [field(t("app.do.away.who"), who)] : [], field(t("app.do.away.kind"), kinds),
      h("div.dates", field(t("app.do.away.first"), first), field(t("app.do.away.last"), last))],
    body: ({ user_id: user, ...values }) => ({ ...values, ...(user && { user_id: Number(user) }) }),
    done: ({ affected, asked }) => dots(t("app.do.away.done"), affected > 0 && t(`app.do.away.affected${whose}`, { n: affected }), asked > 0 && t("app.do.cover.done", { n: asked })),
  });
}

/** Ends an absence, or removes one that has not begun. @param {MakeAction} action @param {number} id @param {Translate} t */
export const backAction = (action, id, t) => action(`back-${id}`, {
  path: "back", title: t("app.do.back"), about: t("app.do.back.text"), confirm: t("app.do.back"),
  body: () => ({ duty_id: id }), done: () => t("app.do.back.done"),
});

/** Being away: said for whole days, with cover for the shifts that fall into them; and ended. */
import { dots, h } from "../ui.js";
import { field } from "./actions.js";

const ABSENCES = ["vacation", "sick", "unavailable"];
/** Of these it is clear that somebody else has to work. */
const NEEDS_COVER = "sick";

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
  const shifts = mountShifts(t, whose);
  return action(`away-${on}${whose}`, {
    path: "away", title: t(`app.do.away${whose}`), about: "", confirm: t("app.do.away.go"),
    fields: [...people.length ? [field(t("app.do.away.who"), who)] : [], field(t("app.do.away.kind"), kinds),
      h("div.dates", field(t("app.do.away.first"), first), field(t("app.do.away.last"), last)), shifts.node],
    opened(emit, go) {
      const look = () => {
        const days = { kind: kinds.value, first: first.value, last: last.value, user_id: who.value };
        const unknown = (people.length && !who.value) || !first.value || last.value < first.value;
        go.disabled = !unknown; // whose shifts fall into it has to be seen before
        if (unknown) shifts.clear();
        else shifts.look(emit, days, () => { go.disabled = false; });
      };
      for (const control of [who, kinds, first, last]) control.onchange = look;
      look();
    },
    body: ({ user_id: user, ...values }) => ({
      kind: values.kind, first: values.first, last: values.last, cover: shifts.chosen(), ...(user && { user_id: Number(user) }),
    }),
    done: ({ affected, asked, left }) => dots(t("app.do.away.done"),
      affected > asked + left && t(`app.do.away.affected${whose}`, { n: affected }),
      asked > 0 && t("app.do.away.asked", { n: asked }), left > 0 && t("app.do.away.left", { n: left })),
  });
}

/**
 * The shifts that fall into an absence: those ticked are asked about when it is entered. Who is ill has them ticked to begin with.
 * @param {Translate} t @param {string} whose
 */
function mountShifts(t, whose) {
  const node = h("div.fields.awaited", { role: "status" });
  /** What was ticked or not by hand, by shift. @type {Map<number, boolean>} */
  const said = new Map();
  /** @type {Falling[]} */
  let found = [];
  let turn = 0;
  let kind = "";
  /** @param {Falling} one */
  const isOn = ({ duty_id: id, at_once: atOnce }) => atOnce || (said.get(id) ?? kind === NEEDS_COVER);
  /** @param {Falling} one */
  function tick(one) {
    if (one.asked) return h("p.when", dots(one.text, t("app.do.away.looking")));
    const box = h("input", { type: "checkbox", checked: isOn(one) && "checked", disabled: one.at_once && "disabled" });
    box.onchange = () => said.set(one.duty_id, box.checked);
    return h("label.tick", box, h("span.who", h("span", one.text), one.at_once && h("span.when", t("app.do.away.at_once"))));
  }
  function draw() {
    node.replaceChildren(found.length ? h("fieldset.ticks", h("legend.label", t(`app.do.away.shifts${whose}`)), found.map(tick)) : h("p.when", t("app.do.away.free")));
  }
  function clear() {
    turn += 1;
    found = [];
    node.replaceChildren();
  }
  return {
    node, clear,
    /** Which of them are to be asked about. */
    chosen: () => found.filter((one) => !one.asked && isOn(one)).map(({ duty_id: id }) => id),
    /** @param {Emit} emit @param {{kind: string, first: Day, last: Day, user_id: string}} days @param {() => void} then When they are there, or will not come. */
    look(emit, { user_id: user, ...days }, then) {
      const mine = ++turn;
      emit("ask", {
        path: `/api/away?${new URLSearchParams({ ...days, ...(user && { user_id: user }) })}`,
        /** @param {Falling[]} answer */
        after(answer) {
          if (mine !== turn) return;
          found = answer;
          kind = days.kind;
          draw();
          then();
          emit("resize");
        },
        failed(/** @type {Refusal} */ { text }) {
          if (mine !== turn) return;
          found = [];
          node.replaceChildren(h("p.when", text));
          then();
          emit("resize");
        },
      });
    },
  };
}

/** Ends an absence, or removes one that has not begun. @param {MakeAction} action @param {number} id @param {Translate} t */
export const backAction = (action, id, t) => action(`back-${id}`, {
  path: "back", title: t("app.do.back"), about: t("app.do.back.text"), confirm: t("app.do.back"),
  body: () => ({ duty_id: id }), done: () => t("app.do.back.done"),
});

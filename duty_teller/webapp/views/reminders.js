/** What somebody wants to be told unasked, and when: the choices of /reminders as one form. */
import { h } from "../ui.js";
import { field } from "../views/actions.js";

/** @param {string} name @param {string} text @param {boolean} on */
const tick = (name, text, on) => h("label.tick", h("input", { type: "checkbox", name, checked: on && "checked" }), h("span", text));

/** How long before a shift: `12 h`, `15 min`. @param {number} minutes @param {Translate} t */
const leadText = (minutes, t) => t(minutes % 60 ? "app.remind.minutes" : "app.remind.hours", { minutes, hours: minutes / 60 });

/** @param {string} legend @param {Child[]} ticks */
const group = (legend, ticks) => h("fieldset.ticks", h("legend.label", legend), ticks);

/**
 * The form; what is chosen is asked for when it is opened.
 * @param {MakeAction} action @param {Translate} t
 */
export function remindersAction(action, t) {
  const fields = h("div.fields");
  let known = false;
  const box = action("reminders", {
    path: "remind", title: t("app.remind"), about: "", confirm: t("app.do.away.go"), fields: [fields],
    body: (values) => ({
      leads: Object.keys(values).filter((name) => name.startsWith("lead-")).map((name) => Number(name.slice(5))),
      kinds: Object.keys(values).filter((name) => name.startsWith("kind-")).map((name) => name.slice(5)),
      quiet: values.from && values.to ? `${values.from}-${values.to}` : "",
    }),
    opened: look,
    done() {
      known = false; // what is stored is asked for again when it is opened again
      return t("app.remind.done");
    },
  });
  return box;

  /** @param {Reminders} chosen */
  function fill(chosen) {
    known = true;
    fields.replaceChildren(
      group(t("app.remind.leads"), chosen.possible_leads.map((minutes) => tick(`lead-${minutes}`, leadText(minutes, t), chosen.leads.includes(minutes)))),
      h("p.when", t("app.remind.quiet")),
      h("div.dates",
        field(t("app.remind.from"), h("input", { type: "time", name: "from", value: chosen.quiet?.[0] })),
        field(t("app.remind.to"), h("input", { type: "time", name: "to", value: chosen.quiet?.[1] }))),
      group(t("app.remind.kinds"), chosen.possible_kinds.map((kind) => tick(`kind-${kind}`, t(`app.remind.kind.${kind}`), chosen.kinds.includes(kind)))));
  }

  /** What is not there yet cannot be stored: it would be nothing. @param {Emit} ask @param {HTMLButtonElement} go */
  function look(ask, go) {
    if (known) return;
    go.disabled = true;
    fields.replaceChildren(h("div.bone"));
    ask("ask", {
      path: "/api/reminders",
      /** @param {Reminders} chosen */
      after(chosen) {
        if (known) return;
        fill(chosen);
        go.disabled = false;
        ask("resize");
      },
      failed: (/** @type {Refusal} */ { text }) => fields.replaceChildren(h("p.wrong", { role: "alert" }, text)),
    });
  }
}

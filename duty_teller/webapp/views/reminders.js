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
 * @param {MakeAction} action @param {Emit} emit @param {Translate} t
 */
export function remindersAction(action, emit, t) {
  const fields = h("div.fields");
  const box = action("reminders", {
    path: "remind", title: t("app.remind"), about: "", confirm: t("app.do.away.go"), fields: [fields],
    body: (values) => ({
      leads: Object.keys(values).filter((name) => name.startsWith("lead-")).map((name) => Number(name.slice(5))),
      kinds: Object.keys(values).filter((name) => name.startsWith("kind-")).map((name) => name.slice(5)),
      quiet: values.from && values.to ? `${values.from}-${values.to}` : "",
    }),
    done: () => t("app.remind.done"),
  });
  if (box.dataset.ready) return box;
  box.dataset.ready = "yes";
  /** @param {Reminders} chosen */
  const fill = (chosen) => fields.replaceChildren(
    group(t("app.remind.leads"), chosen.possible_leads.map((minutes) => tick(`lead-${minutes}`, leadText(minutes, t), chosen.leads.includes(minutes)))),
    h("p.when", t("app.remind.quiet")),
    h("div.dates",
      field(t("app.remind.from"), h("input", { type: "time", name: "from", value: chosen.quiet?.[0] })),
      field(t("app.remind.to"), h("input", { type: "time", name: "to", value: chosen.quiet?.[1] }))),
    group(t("app.remind.kinds"), chosen.possible_kinds.map((kind) => tick(`kind-${kind}`, t(`app.remind.kind.${kind}`), chosen.kinds.includes(kind)))));
  box.addEventListener("toggle", () => {
    if (!box.hasAttribute("open") || fields.childElementCount) return;
    emit("ask", { path: "/api/reminders", after: fill, failed: (/** @type {{text: string}} */ { text }) => fields.replaceChildren(h("p.wrong", { role: "alert" }, text)) });
  });
  return box;
}

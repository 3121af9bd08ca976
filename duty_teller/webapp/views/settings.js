/** Rosters and their settings, as `/settings` of the chat holds them: one form a roster; only what was changed is stored. */
import { changedFields, fieldNews } from "../models/settings.js";
import { busy, h, painter } from "../ui.js";
import { field, mountActions } from "./actions.js";
import { mountRosters } from "./rosters.js";
import { mountUpkeep } from "./upkeep.js";

/** Parts of the form: heading, where the fields need one, fields, and a line of help. @type {[string, string[], string][]} */
const PARTS = [
  ["", ["name"], ""],
  ["", ["handover", "timezone"], ""],
  ["shifts", ["day_shift", "night_shift"], "shifts.help"],
  ["", ["coverage", "gap_warnings"], ""],
  ["cover", ["cover_approval", "cover_warn"], ""],
  ["", ["holidays"], "holidays.help"],
  ["hours", ["night_hours", "hours_once", "rates"], "rates.help"],
];
/** Parts whose fields lie side by side where there is room. */
const PAIRS = ["handover", "day_shift"];
const TICKS = ["gap_warnings", "cover_approval", "hours_once"];
const OWN = "own";

/**
 * One field: what it shows as text, a tick as `yes` or nothing.
 * @typedef {{node: HTMLElement, note: HTMLElement, get: () => string, set: (value: string) => void}} Control
 * @param {string} name @param {RosterForm} form @param {string[]} presets @param {Translate} t @returns {Control}
 */
function mountControl(name, form, presets, t) {
  const note = h("p.news", { role: "status", hidden: "hidden" });
  if (TICKS.includes(name)) {
    const box = h("input", { type: "checkbox", name });
    return {
      node: h("div", h("label.tick", box, h("span", t(`app.set.${name}`))), note), note,
      get: () => (box.checked ? "yes" : ""), set: (value) => { box.checked = Boolean(value); },
    };
  }
  if (name === "coverage") return mountCoverage(presets, note, t);
  if (name === "cover_warn") {
    const choice = h("select", { name }, Object.entries(form.leads).map(([minutes, words]) => h("option", { value: minutes }, words)));
    return { node: h("div", field(t(`app.set.${name}`), choice), note), note, get: () => choice.value, set: (value) => { choice.value = value; } };
  }
  const input = name === "rates" ? h("textarea", { name, rows: 4, maxlength: 2000 })
    : h("input", { name, type: name === "handover" ? "time" : "text", maxlength: 80, autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
  return { node: h("div", field(t(`app.set.${name}`), input), note), note, get: () => input.value, set: (value) => { input.value = value; } };
}

/** When somebody has to be on duty: chosen, or written. @param {string[]} presets @param {HTMLElement} note @param {Translate} t @returns {Control} */
function mountCoverage(presets, note, t) {
  const choice = h("select", { name: "coverage" }, ["daily", "always"].map((kind) => h("option", { value: kind }, t(`app.set.coverage.${kind}`))),
    presets.map((words) => h("option", { value: words }, words)), h("option", { value: OWN }, t("app.set.coverage.own")));
  const hours = h("input", { name: "hours", maxlength: 400, autocomplete: "off", placeholder: t("app.set.coverage.like") });
  const own = field(t("app.set.coverage.hours"), hours);
  const show = () => { own.hidden = choice.value !== OWN; };
  choice.addEventListener("change", show);
  return {
    node: h("div.fields", field(t("app.set.coverage"), choice), own, note), note,
    get: () => (choice.value === OWN ? hours.value : choice.value),
    set(value) {
      const known = [...choice.options].some((option) => option.value === value && value !== OWN);
      choice.value = known ? value : OWN;
      hours.value = known ? "" : value;
      show();
    },
  };
}

/**
 * A roster's form. It outlives whatever others change: a field that was touched keeps what is in it and says what it is now.
 * @param {Emit} emit @param {RosterForm} first @param {{t: Translate, presets: string[], named: boolean, several: boolean}} about
 */
function mountForm(emit, first, { t, presets, named, several }) {
  const shown = (/** @type {string} */ name) => (name !== "name" || named) && (name !== "hours_once" || several);
  /** What each field was filled with, as far as its reader has seen. */
  let base = { ...first.values };
  let key = crypto.randomUUID();
  /** @type {Map<string, Control>} */
  const controls = new Map();
  const parts = PARTS.map(([title, names, help]) => {
    const here = names.filter(shown);
    for (const name of here) controls.set(name, mountControl(name, first, presets, t));
    const nodes = here.map((name) => /** @type {Control} */ (controls.get(name)).node);
    const content = [PAIRS.includes(here[0]) ? h("div.dates", nodes) : nodes, help && h("p.when", t(`app.set.${help}`))];
    return here.length > 0 && (title ? h("fieldset.ticks.fields", h("legend.title", t(`app.set.${title}`)), content) : h("div.fields", content));
  });
  for (const [name, control] of controls) control.set(base[name]);
  const wrong = h("p.wrong", { role: "alert", hidden: "hidden" });
  const go = h("button.button", { "data-key": "save-settings", disabled: "disabled" }, t("app.set.save"));
  go.type = "submit";
  const now = () => Object.fromEntries([...controls].map(([name, { get }]) => [name, get()]));
  const look = () => { go.disabled = !Object.keys(changedFields(base, now()).after).length; };
  const form = h("form.settings", {
    oninput: () => {
      key = crypto.randomUUID();
      look();
    },
    onsubmit: (event) => {
      event.preventDefault();
      const { before, after } = changedFields(base, now());
      busy(go, true);
      wrong.hidden = true;
      emit("do", {
        path: "settings", key, body: { roster_id: first.id, before, after },
        /** @param {{change_id: number, remarks: string[]}} answer */
        done: ({ change_id: undo, remarks }) => ({ text: [t("app.set.saved"), ...remarks].join(" "), undo: undo || undefined }),
        /** @param {Refusal} [error] */
        after(error) {
          busy(go, false);
          if (!error) {
            base = { ...base, ...after };
            for (const name of Object.keys(after)) /** @type {Control} */ (controls.get(name)).note.hidden = true;
            return;
          }
          if (error.kind !== "offline" && error.kind !== "server") key = crypto.randomUUID();
          if (error.kind === "moved") emit("reload");
          wrong.textContent = error.text;
          wrong.hidden = false;
        },
      });
    },
  }, parts, wrong, go);

  return {
    form,
    /** @param {RosterForm} given */
    update({ values, leads }) {
      for (const [name, control] of controls) {
        const news = fieldNews(base[name], values[name], control.get());
        if (news === "same") continue;
        if (news === "fill") control.set(values[name]);
        control.note.hidden = news === "fill";
        control.note.textContent = news === "fill" ? "" : t("app.set.now", { value: inWords(name, values[name], leads) });
      }
      base = { ...values };
      look();
    },
  };

  /** @param {string} name @param {string} value @param {Record<string, string>} leads */
  function inWords(name, value, leads) {
    if (TICKS.includes(name)) return t(value ? "app.set.on" : "app.set.off");
    if (name === "coverage" && ["daily", "always"].includes(value)) return t(`app.set.coverage.${value}`);
    return (name === "cover_warn" ? leads[value] : value) || "—";
  }
}

/** The part of Admin with the rosters. @param {HTMLElement} root @param {Emit} emit @returns {Update<AdminContext>} */
export function mountSettings(root, emit) {
  const [switcher, place, memory, foot, around] = [h("div.switch"), h("div"), h("div"), h("div.acts"), h("div.around")];
  root.append(switcher, place, memory, foot, around);
  const upkeep = mountUpkeep(around, emit);
  const rosters = mountRosters(switcher, emit);
  const [paintPlace, paintMemory, paintFoot] = [place, memory, foot].map(painter);
  const action = mountActions(emit);
  /** @type {Map<string, ReturnType<typeof mountForm>>} */
  const forms = new Map();

  /** @param {{kind: string, key: string, text: string}} one @param {number} rosterId @param {Translate} t */
  function taught(one, rosterId, t) {
    const key = crypto.randomUUID();
    const button = h("button.action", { "data-key": `forget-${one.kind}-${one.key}`, "aria-label": t("app.set.forget.which", { text: one.text }), onclick: () => {
      busy(button, true);
      emit("do", {
        path: "forget", key, body: { roster_id: rosterId, kind: one.kind, key: one.key }, done: () => t("app.set.forgotten"),
        /** @param {Refusal} [error] */
        after(error) {
          busy(button, false);
          if (error) emit("say", error.text);
        },
      });
    } }, t("app.set.forget"));
    return h("li.row", h("div.who", h("span.text", one.text)), button);
  }

  /** A short answer to one question. @param {string} name @param {string} label */
  const text = (name, label) => field(label, h("input", { name, required: "required", maxlength: 40, autocomplete: "off" }));

  return (context) => {
    const { t, lang, data, rosterId } = context;
    const { rosters: all, retired, presets } = data.rosters;
    const one = all.find(({ id }) => id === rosterId) ?? all[0];
    rosters(context);
    const named = all.length > 1 || retired.length > 0;
    const name = JSON.stringify([one.id, lang, named, all.length > 1]);
    const known = forms.get(name) ?? mountForm(emit, one, { t, presets, named, several: all.length > 1 });
    forms.set(name, known);
    known.update(one);
    paintPlace(name, () => [known.form]);
    paintMemory([one.remembered, one.id, lang], () => [h("details.act.more",
      h("summary.action", { "data-key": "memory" }, t("app.set.memory")),
      h("p.when", t(one.remembered.length ? "app.set.memory.text" : "app.set.no_memory")),
      h("ul.list.memory", one.remembered.map((thing) => taught(thing, one.id, t))))]);
    paintFoot([all.map(({ id, values }) => [id, values.name]), retired, one.id, lang], () => [
      action("add-roster", {
        path: "add_roster", title: t("app.set.add"), about: all.length > 1 ? "" : t("app.set.add.text"), confirm: t("app.set.add"),
        fields: [...all.length === 1 && !all[0].values.name ? [text("first_name", t("app.set.add.first"))] : [], text("name", t("app.set.add.name"))],
        body: (values) => values, done: ({ full_name: made }) => t("app.set.added", { name: made }),
      }),
      all.length > 1 && action(`retire-${one.id}-${one.values.name}`, {
        path: "retire_roster", title: t("app.set.retire"), about: t("app.set.retire.text", { name: one.values.name }), confirm: t("app.set.retire.go"),
        body: () => ({ roster_id: one.id }), done: (answer) => t("app.set.retired", answer),
      }),
      retired.map(({ id, name: old }) => action(`restore-${id}-${old}`, {
        path: "restore_roster", title: t("app.set.restore", { name: old }), about: "", confirm: t("app.set.restore", { name: old }),
        body: () => ({ roster_id: id }), done: (answer) => t("app.set.restored", answer),
      })),
    ]);
    upkeep(context, one.id);
  };
}

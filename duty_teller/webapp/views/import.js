/** A roster file into the schedule: dropped or chosen, asked about, shown before it is applied. */
import { h, painter, touchOnly } from "../ui.js";
import { field } from "./actions.js";
import { mountFileGrid } from "./filegrid.js";
import { mountRosters } from "./rosters.js";

const MOST_BYTES = 5 * 2 ** 20;
/** Where another file may follow. */
const OPEN = ["none", "nothing_new", "refused"];
const KINDS = ".xlsx,.ods,.csv,.tsv,.txt,.ics,.json";

/** The import: the file, then step after step. @param {HTMLElement} root @param {Emit} emit @returns {Update<AdminContext>} */
export function mountImport(root, emit) {
  /** @type {AdminContext} */
  let context;
  /** @type {StepAnswer} */
  let step;
  /** When something was answered here last: what a load asked for later says is how it stands, wherever it was answered. */
  let steppedAt = 0;
  /** @type {File | null} */
  let file = null;
  /** @type {GridAnswer | null} */
  let grid = null;
  let [busy, wrong, moved, turn] = ["", "", "", 0];

  const switcher = h("div.switch");
  const input = h("input", { type: "file", accept: KINDS, id: "roster-file" });
  const choose = h("span.button");
  const hint = h("p.when");
  const handover = h("input", { name: "handover", autocomplete: "off", maxlength: 80 });
  const handoverLabel = field("", handover);
  const zone = h("label.drop", { for: "roster-file" }, h("strong"), hint, choose, input);
  const begin = h("div.begin", switcher, zone, handoverLabel);
  const trouble = h("p.wrong", { role: "alert" });
  const above = h("p.gap", { role: "status" });
  const waiting = h("p.when", { role: "status" });
  const body = h("div.step");
  const look = h("button.action.look", { "data-key": "grid", onclick: () => (file ? askGrid() : input.click()) });
  const picture = h("div.filegrid");
  root.append(begin, waiting, trouble, above, body, look, picture);
  const paint = painter(body);
  const rosters = mountRosters(switcher, emit);
  const drawGrid = mountFileGrid(picture, { answer: (mark, given) => order({ do: "answer", mark, ...given }) });

  input.addEventListener("change", () => input.files?.[0] && take(input.files[0]));
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer?.files[0]) take(event.dataTransfer.files[0]);
  });

  /** Something is under way; its answer counts unless something else was begun since. @param {string} what @param {object} request @param {(answer: any) => void} then */
  function ask(what, request, then) {
    turn += 1;
    const mine = turn;
    [busy, wrong] = [what, ""];
    draw();
    emit("ask", {
      ...request,
      /** @param {unknown} answer */
      after(answer) {
        if (mine !== turn) return;
        busy = "";
        then(answer);
        draw();
      },
      /** @param {Refusal} refusal */
      failed({ kind, text }) {
        if (mine !== turn) return;
        [busy, wrong] = ["", text];
        draw();
        if (kind === "refused") emit("reload"); // it may be over, or answered elsewhere
      },
    });
  }

  /** A file was chosen: a new import, or once more the one under way, to be looked at. @param {File} chosen */
  function take(chosen) {
    input.value = "";
    if (chosen.size > MOST_BYTES) {
      wrong = context.t("app.import.too_big");
      draw();
      return;
    }
    const again = step.draft_id && chosen.name === step.file_name && !OPEN.includes(step.kind);
    file = chosen;
    if (again) {
      askGrid();
      return;
    }
    [grid, moved] = [null, ""];
    const path = `/api/imports?roster=${context.rosterId}&name=${encodeURIComponent(chosen.name)}&handover=${encodeURIComponent(handover.value)}`;
    ask("reading", { path, file: chosen }, takeStep);
  }

  /** @param {StepAnswer} answer */
  function takeStep(answer) {
    const before = step;
    step = answer;
    steppedAt = performance.now();
    if (step.kind === "none") [file, grid] = [null, null];
    else if (grid && JSON.stringify(before) !== JSON.stringify(step)) askGrid();
  }

  function askGrid() {
    ask("colouring", { path: `/api/imports/grid?draft=${step.draft_id}`, file }, (answer) => { grid = answer; });
  }

  /** Answers the step. @param {object} answer */
  function order(answer) {
    moved = "";
    ask("thinking", { path: "/api/imports/step", body: { draft_id: step.draft_id, ...answer } }, takeStep);
  }

  function apply() {
    const { t } = context;
    turn += 1;
    [busy, wrong] = ["applying", ""];
    draw();
    emit("do", {
      path: "import", key: `${step.fingerprint.slice(0, 40)}-${step.draft_id}`, body: { draft_id: step.draft_id, fingerprint: step.fingerprint },
      /** @param {Done} answer */
      done: ({ facts, change_id: undo }) => ({ text: `${t("app.import.applied")} ${facts.replaceAll("\n", " · ")}`, undo: undo || undefined }),
      /** @param {Refusal} [error] */
      after(error) {
        busy = "";
        if (!error) takeStep({ ...step, kind: "none", draft_id: 0 });
        else if (error.kind === "moved") {
          const said = error.text;
          order({ do: "look" });
          moved = said;
        } else wrong = error.text;
        draw();
      },
    });
  }

  /** @param {string} key @param {string} words @param {() => void} then @param {string} [kind] */
  const button = (key, words, then, kind = "action") => h(`button.${kind}`, { "data-key": key, disabled: busy !== "", onclick: then }, words);

  /** A field to write an answer in. @param {string} mark */
  function typing(mark) {
    const { t } = context;
    const written = h("input", { name: "text", required: "required", maxlength: 200, autocomplete: "off", "data-key": `text-${mark}` });
    return h("form.row-form", { onsubmit: (event) => {
      event.preventDefault();
      order({ do: "answer", mark, text: written.value });
    } }, field(t("app.import.typed"), written), h("button.action", { type: "submit" }, t("app.import.send")));
  }

  /** A code with what it may mean. @param {CodeAnswer} code */
  function codeRow(code) {
    const { t } = context;
    return h("li.code-row",
      h("div.who", h("span.name", code.code), h("span.when", code.why)),
      h("select", { "data-key": `code-${code.mark}`, "aria-label": t("app.grid.means", { code: code.code }), disabled: busy !== "",
        onchange: (event) => event.target.value && order({ do: "answer", mark: code.mark, option: Number(event.target.value) }) },
      h("option", { value: "" }, code.meaning || t("app.import.choose")), code.options.map((option, index) => h("option", { value: index }, option))),
      !code.meaning && h("details.act", h("summary.action", { "data-key": `hours-${code.mark}` }, t("app.import.own_hours")), typing(code.mark)));
  }

  /** Asks for the name of another team's roster. */
  function naming() {
    const { t } = context;
    const [name, first] = [h("input", { name: "name", required: "required", maxlength: 40 }), h("input", { name: "first", required: "required", maxlength: 40 })];
    return h("details.act", h("summary.action", { "data-key": "team-new" }, t("app.import.team.new")), h("form", { onsubmit: (event) => {
      event.preventDefault();
      order({ do: "team", keep: false, text: name.value, first_name: step.names_first ? first.value : "" });
    } },
    step.names_first && field(t("app.import.team.first"), first), field(t("app.import.team.name"), name), h("button.button", { type: "submit" }, t("app.import.team.make"))));
  }

  /** @returns {Child[]} */
  function content() {
    const { t } = context;
    const { kind, text, lines, options, mark } = step;
    const head = h("h2.label", [step.file_name, step.roster].filter(Boolean).join(" → "));
    const back = step.answered > 0 && button("back", t("app.import.back"), () => order({ do: "back", answered: step.answered }));
    const leave = button("cancel", t("app.import.cancel"), () => order({ do: "cancel" }));
    const foot = h("div.acts", back, leave);
    switch (kind) {
      case "question":
        return [head, h("p.asks", text), step.rest && h("p.when", step.rest),
          h("div.answers", options.map((option, index) => button(`o${index}`, option, () => order({ do: "answer", mark, option: index })))),
          step.typed && typing(mark), foot];
      case "codes":
        return [head, h("p.asks", text), h("ul.list", step.codes.map(codeRow)),
          !step.is_open && button("agree", t("app.import.right"), () => order({ do: "agree", mark }), "button"), foot];
      case "team":
        return [head, h("p.asks", text), naming(), button("same", t("app.import.team.same"), () => order({ do: "team", keep: true })), foot];
      case "by_hand":
        return [head, h("p.asks", text), h("ul.list", lines.map((line) => h("li.row.lines", line))),
          h("div.answers", [true, false].map((keep) => button(`keep-${keep}`, t(keep ? "app.import.keep" : "app.import.newer"), () => order({ do: "by_hand", keep, mark })))), foot];
      case "preview":
        return [head, h("div.lines", lines.join("\n")),
          h("details.act.more", h("summary.action", { "data-key": "details" }, t("app.import.details")), h("div.lines", step.details.join("\n"))),
          step.missing && button("missing", step.missing, () => order({ do: "missing" })),
          step.newer && button("newer", step.newer, () => order({ do: "by_hand", keep: !step.keeps, mark })),
          button("apply", t("app.change.apply"), apply, "button"), foot];
      case "refused":
        return [head, h("p.asks", text), h("div.wrong.lines", lines.join("\n")), foot];
      case "nothing_new":
        return [head, h("p.asks", text)];
      default:
        return [];
    }
  }

  function draw() {
    const { t, lang, rosters: all, rosterId } = context;
    const roster = all.find(({ id }) => id === rosterId) ?? all[0];
    begin.hidden = !OPEN.includes(step.kind);
    const title = /** @type {HTMLElement} */ (zone.firstElementChild);
    title.textContent = t(`app.import.drop${touchOnly()}`);
    hint.textContent = t("app.import.kinds");
    choose.textContent = t("app.import.choose_file");
    const label = handoverLabel.firstElementChild;
    if (label) label.textContent = t("app.import.handover");
    handover.placeholder = `${roster.handover_at.slice(0, 5)} ${roster.timezone}`;
    rosters(context);
    [waiting.hidden, waiting.textContent] = [!busy, busy ? t(`app.import.busy.${busy}`) : ""];
    [trouble.hidden, trouble.textContent] = [!wrong, wrong];
    [above.hidden, above.textContent] = [!moved, moved];
    paint([step, lang, busy], content);
    look.hidden = !step.draft_id || ["none", "nothing_new"].includes(step.kind) || Boolean(grid && file);
    look.disabled = busy !== "";
    look.textContent = t(file ? "app.grid.show" : "app.grid.again");
    drawGrid({ grid, t, lang });
  }

  return (given) => {
    context = given;
    const { step: found, stepAt } = given.data;
    const ended = step?.kind === "nothing_new" && found.kind === "none"; // and is still told of
    if (!busy && !ended && stepAt >= steppedAt && JSON.stringify(found) !== JSON.stringify(step)) {
      step = found;
      if (step.kind === "none") [file, grid] = [null, null];
    }
    draw();
  };
}

/** A roster file as it was read: each cell in the colour of its role; a tap says what it became, and corrects a code, a name, or how days are read. */
import { h, painter } from "../ui.js";

const ROWS = 120;
/** Roles of cells that say which day it is. */
const DAYS = ["day", "weekday"];
/** The colours of people are used for roles, too; what is not here is furniture of the sheet. @type {Record<string, string>} */
const COLOURS = { day: "c0", weekday: "c0", name: "c2", code: "c7", hours: "c1", fact: "c4", note: "c3", legend: "c5", unread: "unread" };

/** A column as spreadsheets call it: 1 is A, 27 is AA. @param {number} column @returns {string} */
export function columnName(column) {
  const rest = Math.floor((column - 1) / 26);
  return (rest ? columnName(rest) : "") + String.fromCharCode(65 + ((column - 1) % 26));
}

/**
 * @param {HTMLElement} root
 * @param {{answer: (mark: string, answer: {option?: number, text?: string}) => void}} events `answer`: what a code means, who a name is, how days are read.
 * @returns {(given: {grid: GridAnswer | null, t: Translate, lang: string}) => void}
 */
export function mountFileGrid(root, { answer }) {
  const [sheets, remarks, about, table, more, legend] = [h("div.segments"), h("ul.causes"), h("div.about", { role: "status" }), h("div.file"), h("button.action"), h("ul.signs")];
  root.append(remarks, sheets, table, more, about, legend);
  const [paintSheets, paintRemarks, paintLegend, paintAbout] = [painter(sheets), painter(remarks), painter(legend), painter(about)];
  /** @type {{grid: GridAnswer | null, t: Translate, lang: string}} */
  let context;
  let at = 0;
  let rows = ROWS;
  let drawn = "";
  /** @type {FileCell | null} */
  let chosen = null;

  /** @param {HTMLElement} node */
  function choose(node) {
    const { grid } = context;
    const [row, column] = [Number(node.dataset.row), Number(node.dataset.column)];
    chosen = grid?.sheets[at].cells.find((cell) => cell[0] === row && cell[1] === column) ?? null;
    for (const one of table.querySelectorAll("td[tabindex='0']")) one.setAttribute("tabindex", "-1");
    for (const one of table.querySelectorAll("td[aria-selected]")) one.removeAttribute("aria-selected");
    node.tabIndex = 0;
    node.setAttribute("aria-selected", "true");
    drawAbout();
  }

  table.addEventListener("click", ({ target }) => {
    const cell = target instanceof Element ? target.closest("td") : null;
    if (cell?.dataset.row) {
      cell.focus({ preventScroll: true });
      choose(cell);
    }
  });
  table.addEventListener("keydown", (event) => {
    const cell = event.target instanceof Element ? event.target.closest("td") : null;
    const row = cell?.closest("tr");
    if (!cell || !row) return;
    const index = [...row.cells].indexOf(cell);
    /** @type {Record<string, () => Element | null | undefined>} */
    const moves = {
      ArrowLeft: () => cell.previousElementSibling, ArrowRight: () => cell.nextElementSibling,
      ArrowUp: () => /** @type {HTMLTableRowElement | null} */ (row.previousElementSibling)?.cells[index],
      ArrowDown: () => /** @type {HTMLTableRowElement | null} */ (row.nextElementSibling)?.cells[index],
      Enter: () => cell, " ": () => cell,
    };
    const next = moves[event.key]?.();
    if (!moves[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    if (!(next instanceof HTMLElement) || next.tagName !== "TD") return;
    next.focus();
    choose(next);
  });
  more.addEventListener("click", () => {
    rows += ROWS;
    draw();
  });

  /** What can be said about a cell that is no code. @param {FileCell | null} cell @param {GridAnswer | null} grid */
  const saidOf = (cell, grid) => (!cell || !grid ? [] : grid.cells.filter(({ key, kind }) =>
    (key ? cell[3] === (kind === "day" ? kind : "name") && key === cell[5] : DAYS.includes(cell[3]))));

  /** @param {string} mark @param {string} label @param {string} meaning @param {string[]} options */
  const choice = (mark, label, meaning, options) => h("label.field", h("span.label", label),
    h("select", { "data-key": `means-${mark}`, onchange: (event) => event.target.value && answer(mark, { option: Number(event.target.value) }) },
      h("option", { value: "" }, meaning || context.t("app.import.choose")), options.map((option, index) => h("option", { value: index }, option))));

  /** Which day a cell means that names one. @param {CellAnswer} one */
  const dayChoice = (one) => h("div.fields", h("label.field", h("span.label", context.t("app.grid.day")),
    h("input", { type: "date", value: one.day, required: "required", "data-key": `means-${one.mark}`, onchange: ({ target }) => target.value && target.value !== one.day && answer(one.mark, { text: target.value }) })),
  h("p.when", context.t("app.grid.day.others")));

  /** What a cell became, and what it may mean instead. */
  function drawAbout() {
    const { t, grid, lang } = context;
    const code = chosen?.[5] ? grid?.codes.find((one) => one.key === chosen?.[5]) : undefined;
    const said = saidOf(chosen, grid);
    paintAbout([chosen, code, said, lang, Boolean(grid)], () => {
      if (!grid) return [];
      if (!chosen) return [h("p.when", t("app.grid.tap"))];
      const [row, column, text, role, note] = chosen;
      return [
        h("strong", `${columnName(column)}${row}: ${text}`),
        h("span.when", grid.roles[role]),
        note !== grid.roles[role] && h("p.note", note),
        code && choice(code.mark, t("app.grid.means", { code: code.code }), code.meaning, code.options),
        said.map((one) => one.kind === "day" ? dayChoice(one) : choice(one.mark, t(`app.grid.${one.kind}`, { code: one.subject }), one.meaning, one.options)),
      ];
    });
  }

  function draw() {
    const { grid, t, lang } = context;
    if (!grid) {
      table.replaceChildren();
      drawn = "";
    }
    paintRemarks([grid?.lines, lang], () => (grid?.lines ?? []).map((line) => h("li", line)));
    if (at >= (grid?.sheets.length ?? 0)) at = 0;
    sheets.hidden = !grid || grid.sheets.length < 2;
    paintSheets([grid?.sheets.map(({ name }) => name), at], () => (grid?.sheets ?? []).map(({ name }, index) =>
      h("button.segment", { "aria-pressed": String(index === at), "data-key": `sheet-${index}`, onclick: () => {
        [at, rows, chosen] = [index, ROWS, null];
        draw();
      } }, name || t("app.grid.sheet"))));
    const sheet = grid?.sheets[at];
    const last = Math.max(0, ...(sheet?.cells ?? []).map(([row]) => row));
    more.hidden = last <= rows;
    more.textContent = t("app.grid.more", { n: Math.max(0, last - rows) });
    const used = new Set((sheet?.cells ?? []).map((cell) => cell[3]));
    paintLegend([[...used], lang], () => Object.entries(grid?.roles ?? {}).filter(([role]) => used.has(role)).map(([role, name]) =>
      h("li", h(`span.swatch.${COLOURS[role] ?? "plain"}`), name)));
    const wanted = JSON.stringify([at, rows, sheet]);
    if (sheet && drawn !== wanted) {
      drawn = wanted;
      drawTable(sheet, last);
    }
    drawAbout();
  }

  /** @param {GridAnswer["sheets"][0]} sheet @param {number} last */
  function drawTable(sheet, last) {
    const width = Math.max(1, ...sheet.cells.map((cell) => cell[1]));
    const cells = new Map(sheet.cells.map((cell) => [`${cell[0]} ${cell[1]}`, cell]));
    const merged = new Map(sheet.merges.map((merge) => [`${merge[0]} ${merge[1]}`, merge]));
    const covered = new Set();
    for (const [top, left, bottom, right] of sheet.merges) {
      for (let row = top; row <= Math.min(bottom, rows); row += 1) for (let column = left; column <= right; column += 1) if (row !== top || column !== left) covered.add(`${row} ${column}`);
    }
    const columns = Array.from({ length: width }, (_, index) => index + 1);
    const body = Array.from({ length: Math.min(last, rows) }, (_, index) => index + 1).map((row) => h("tr", h("th", { scope: "row" }, String(row)),
      columns.filter((column) => !covered.has(`${row} ${column}`)).map((column) => {
        const cell = cells.get(`${row} ${column}`);
        const merge = merged.get(`${row} ${column}`);
        const spans = merge ? { rowspan: Math.min(merge[2], rows) - merge[0] + 1, colspan: merge[3] - merge[1] + 1 } : {};
        if (!cell) return h("td", spans);
        return h(`td.${COLOURS[cell[3]] ?? "plain"}`, { ...spans, "data-row": row, "data-column": column, tabindex: "-1" }, cell[2]);
      })));
    const kept = chosen;
    table.replaceChildren(h("table", { role: "grid", "aria-label": sheet.name || context.t("app.grid.sheet") },
      h("thead", h("tr", h("td"), columns.map((column) => h("th", { scope: "col" }, columnName(column))))), h("tbody", body)));
    const same = kept && table.querySelector(`td[data-row="${kept[0]}"][data-column="${kept[1]}"]`);
    const first = same ?? table.querySelector("td[data-row]");
    first?.setAttribute("tabindex", "0");
    if (same instanceof HTMLElement) choose(same);
  }

  return (given) => {
    context = given;
    if (!given.grid) chosen = null;
    root.hidden = !given.grid;
    draw();
  };
}

/** The month as a grid of days. Those beside it are laid out while there is time: a turn only lets one of them be seen. */
import { addDays, addMonths } from "../core.js";
import { aria, h, idler, painted, say } from "../ui.js";
import { dayPieces, measured } from "../views/cells.js";

/** The month that is seen, those beside it, and the one that was beside the month before. */
const LEAVES = 4;

/** @typedef {ReturnType<typeof newLeaf>} Leaf */

/** A month's days. The leaf that is seen is the `grid`; the others keep their layout, and are there for nobody. */
function newLeaf() {
  const heads = [...Array(7)].map(() => h("div.weekday", { role: "columnheader" }));
  const days = [...Array(42)].map(() => h("button.day", { tabindex: -1 }));
  const rows = [...Array(6).keys()].map((week) => h("div.week", { role: "row" },
    days.slice(week * 7, week * 7 + 7).map((day) => h("div.cell", { role: "gridcell" }, day))));
  const node = h("div.leaf", { role: "grid", "aria-hidden": "true" }, h("div.week", { role: "row" }, heads), rows);
  return { node, heads, rows, days, month: "", made: /** @type {Piece[] | null} What is on it, whole. */ (null) };
}

/** @param {Leaf} leaf @param {boolean} seen */
function turn({ node, days }, seen) {
  node.className = seen ? "leaf grid" : "leaf";
  aria(node, "hidden", !seen);
  for (const day of seen ? [] : days) {
    day.tabIndex = -1;
    aria(day, "current", "false");
    delete day.dataset.day; // a day is in the page once
  }
}

/** The day of another month with the same number, or that month's last. @param {Day} day @param {number} months */
function sameDay(day, months) {
  const month = addMonths(day.slice(0, 7), months);
  const last = addDays(`${addMonths(month, 1)}-01`, -1);
  const same = `${month}-${day.slice(8)}`;
  return same > last ? last : same;
}

/** @param {HTMLElement} root @param {Emit} emit */
export function mountGrid(root, emit) {
  const [pieces, whileIdle] = [dayPieces(), idler()];
  let shown = newLeaf();
  /** The one used last first. */
  const leaves = [shown];
  turn(shown, true);
  root.append(shown.node);

  root.addEventListener("click", ({ target }) => {
    const day = shown.days.find((one) => one.contains(/** @type {Node} */ (target)))?.dataset.day;
    if (day) emit("day", day);
  });
  root.addEventListener("keydown", (event) => {
    const button = shown.days.find((one) => one === event.target);
    const day = button?.dataset.day;
    if (!button || !day || event.ctrlKey || event.altKey || event.metaKey) return;
    const index = shown.days.indexOf(button) % 7;
    /** @type {Record<string, () => Day>} */
    const keys = {
      ArrowLeft: () => addDays(day, -1), ArrowRight: () => addDays(day, 1), ArrowUp: () => addDays(day, -7), ArrowDown: () => addDays(day, 7),
      Home: () => addDays(day, -index), End: () => addDays(day, 6 - index),
      PageUp: () => sameDay(day, -1), PageDown: () => sameDay(day, 1),
    };
    const target = keys[event.key];
    if (!target) return;
    event.preventDefault();
    event.stopPropagation();
    emit("focus", target());
  });

  /** @type {Room | null} */
  let room = null;
  const measure = () => { room = measured(shown.node, shown.days[15]); };
  new ResizeObserver(() => {
    if (root.clientWidth === (room?.grid ?? 0) || !root.clientWidth) return;
    measure();
    emit("resize");
  }).observe(root);

  /** The leaf of a month, or the one that was not used for longest: never the one that is seen. @param {Month} month @returns {Leaf} */
  function leafOf(month) {
    const at = leaves.findIndex((one) => one.month === month || !one.month);
    const leaf = at < 0 && leaves.length < LEAVES ? newLeaf() : leaves.splice(at, 1)[0]; // -1: the last
    if (!leaf.node.isConnected) root.append(leaf.node);
    leaves.unshift(leaf);
    if (leaf.month !== month) Object.assign(leaf, { month, made: null });
    return leaf;
  }

  /** Puts a month on a leaf, a week after the other; what is there already stays. @param {Leaf} leaf @param {MonthContext} context @param {boolean} waiting */
  function* fill(leaf, context, waiting) {
    const { node, heads, days, rows } = leaf;
    const { model, format } = context;
    const made = yield* pieces.make(context, room);
    if (leaf.made === made) return made;
    aria(node, "label", format.month(model.month));
    format.weekdays.forEach(({ short, long }, index) => {
      say(heads[index], short);
      aria(heads[index], "label", long);
    });
    for (const [week, row] of rows.entries()) {
      const at = week * 7;
      row.hidden = at >= made.length;
      if (!row.hidden) days.slice(at, at + 7).forEach((day, index) => pieces.put(day, made, at + index, waiting));
      yield row;
    }
    return leaf.made = made;
  }

  /** Lays out a month that may be turned to: here, so that it counts as work. @param {MonthContext} context */
  function* prepare(context) {
    if (root.hidden) return void (yield* pieces.make(context, room));
    const leaf = leafOf(context.model.month);
    for (const row of fill(leaf, context, false)) {
      if (row) leaf.node.className = "leaf filling";
      row?.getBoundingClientRect();
      yield;
    }
    leaf.node.className = "leaf";
  }

  /** @param {Piece[]} made */
  function* sayAll(made) {
    for (const piece of made) {
      piece.say();
      root.getBoundingClientRect();
      yield;
    }
  }

  /** @param {MonthContext} context @param {boolean} waiting */
  function update(context, waiting) {
    aria(shown.node, "busy", waiting);
    if (root.hidden) return;
    if (!room && root.clientWidth) measure();
    const { model, focusDay } = context;
    const held = shown.days.findIndex((day) => day === document.activeElement);
    const leaf = leafOf(model.month);
    const [before, filling] = [leaf.made, fill(leaf, context, waiting)];
    let step = filling.next();
    while (!step.done) step = filling.next();
    const made = step.value;
    // What is heard of a day is longer than what is seen of it: of a month that is turned to, it follows when that is painted.
    if (leaf !== shown) painted().then(() => shown === leaf && whileIdle(sayAll(made)));
    else if (made !== before) made.forEach((piece) => piece.say());
    if (leaf !== shown) {
      turn(shown, false);
      turn(shown = leaf, true);
      aria(leaf.node, "busy", waiting);
    }
    const tabStop = [focusDay, model.today].find((day) => day?.startsWith(model.month)) ?? `${model.month}-01`;
    model.cells.forEach(({ day, today }, index) => {
      const button = leaf.days[index];
      button.tabIndex = day === tabStop ? 0 : -1;
      button.dataset.day = day;
      aria(button, "current", today ? "date" : "false");
    });
    for (const day of leaf.days.slice(model.cells.length)) delete day.dataset.day;
    if (held < 0) return;
    const wanted = leaf.days.find((day) => day.dataset.day === focusDay && !day.disabled) ?? leaf.days[held];
    if (wanted === document.activeElement) return;
    made[leaf.days.indexOf(wanted)]?.say();
    wanted.focus();
  }
  return { update, prepare };
}

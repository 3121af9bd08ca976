/** Pure: a month as the grid, the list and the legend draw it. */
import { addDays, addMonths, byStart, daysOf, entryOf, instantOf, localDay, monogram, shiftKind, weekdayOf, works } from "../core.js";

/** The days a month's grid shows: whole weeks. @param {Month} month @param {number} firstWeekday 0 is Monday. @returns {Day[]} */
export function gridDays(month, firstWeekday) {
  const first = `${month}-01`;
  const days = [];
  let day = addDays(first, -((weekdayOf(first) - firstWeekday + 7) % 7));
  for (; day.slice(0, 7) <= month || days.length % 7; day = addDays(day, 1)) days.push(day);
  return days;
}

/** @param {string} name */
const words = (name) => name.trim().split(/\s+/u).filter(Boolean);
/** @param {string} word */
const dotted = (word) => word.includes(".");
/** @param {string} word */
const initial = (word) => (dotted(word) ? word : `${[...word][0]}.`);

/**
 * Short names that tell people apart: first word and initials; where two share it, the second word leads, or both are said.
 * @param {{id: number, name: string}[]} people
 * @returns {Map<number, string>}
 */
export function shortNames(people) {
  /** How often each word is at one place of a name. @param {number} index */
  const count = (index) => {
    const seen = new Map();
    for (const { name } of people) {
      const word = words(name)[index];
      if (word) seen.set(word, (seen.get(word) ?? 0) + 1);
    }
    return seen;
  };
  const [firsts, seconds] = [count(0), count(1)];
  /** @param {string} first @param {string} second */
  const both = (first, second) => `${first} ${initial(second)}`;
  const pairs = people.map(({ name }) => words(name)).filter((all) => all.length > 1).map(([first, second]) => both(first, second));
  return new Map(people.map(({ id, name }) => {
    const [first = name, second, ...rest] = words(name);
    if (!second || dotted(first)) return [id, words(name).join(" ") || name];
    if (firsts.get(first) === 1) return [id, [first, ...[second, ...rest].map(initial)].join(" ")];
    if (seconds.get(second) === 1 && !dotted(second)) return [id, `${second} ${initial(first)}`];
    const pair = both(first, second);
    return [id, pairs.filter((one) => one === pair).length === 1 ? pair : words(name).join(" ")];
  }));
}

/** The pieces that a line can end with: words, and parts of a double name, each with what stands before the next one. @param {string} text */
const pieces = (text) => words(text).flatMap((word, index) => word.split(/(?<=\p{L}-)(?=\p{L})/u).map((part, at) => ({ part, gap: index && !at ? " " : "" })));

/**
 * How many lines a text takes when it breaks between words and after hyphens; Infinity where a word is wider than the line.
 * @param {string} text @param {number} width @param {(text: string) => number} measure
 */
function linesOf(text, width, measure) {
  if (measure(text) <= width) return 1;
  let [lines, line] = [1, ""];
  for (const { part, gap } of pieces(text)) {
    if (measure(part) > width) return Infinity;
    const longer = `${line}${gap}${part}`;
    if (measure(longer) <= width) line = longer;
    else [lines, line] = [lines + 1, part];
  }
  return lines;
}

/** Letters that a name has to show to be worth cutting; with fewer, initials say more. */
const WORTH_CUTTING = "nnnnnn";

/**
 * The longest way to write a name that fits: whole, short, else cut (by the page) where enough of it is seen, else its initials.
 * @param {string} full @param {string} short @param {number} width @param {number} lines How many there is room for.
 * @param {(text: string) => number} measure
 * @returns {{text: string, cut: boolean, lines: number}}
 */
export function fitting(full, short, width, lines, measure) {
  for (const text of [full, short]) {
    const taken = linesOf(text, width, measure);
    if (taken <= lines) return { text, cut: false, lines: taken };
  }
  return measure(WORTH_CUTTING) <= width ? { text: short, cut: true, lines: 1 } : { text: monogram(full), cut: false, lines: 1 };
}

/** Whether one day's entry goes on in another one of the next day: the same shift, or one that meets it. @param {Shown} before @param {Shown} after */
const goesOn = (before, after) =>
  before.userId === after.userId && before.position === after.position && (before.id === after.id || before.end === after.start);

/** Puts what goes on from the day before into the same row, and notes on both sides that they are one bar. @param {Cell} before @param {Cell} after */
function join(before, after) {
  /** @type {Shown[]} */
  const rows = [];
  const rest = after.shifts.filter((shift) => {
    const row = before.shifts.findIndex((earlier) => goesOn(earlier, shift));
    if (row < 0 || rows[row]) return true;
    rows[row] = shift;
    return false;
  });
  for (let row = 0; rest.length; row += 1) rows[row] ??= /** @type {Shown} */ (rest.shift());
  after.shifts = rows.filter(Boolean);
  after.shifts.forEach((shift, row) => {
    const earlier = before.shifts[row];
    shift.joined = Boolean(earlier && goesOn(earlier, shift));
    if (shift.joined) earlier.joins = true;
  });
}

/** How many days of a week, from one on, a shift's bar goes on in. @param {Cell[]} cells @param {number} index @param {number} row */
export function barLength(cells, index, row) {
  let length = 1;
  for (let at = index; cells[at].shifts[row]?.joins && (at + 1) % 7; at += 1) length += 1;
  return length;
}

/** Shifts of a day by their times and positions, as the list shows them. @param {Cell} cell */
export function slotsOf(cell) {
  /** @type {Map<string, {start: Instant, end: Instant, kind: string, posts: Map<string, Shown[]>}>} */
  const slots = new Map();
  for (const shift of cell.shifts) {
    const key = `${shift.start} ${shift.end}`;
    const slot = slots.get(key) ?? { start: shift.start, end: shift.end, kind: shift.kind, posts: new Map() };
    slots.set(key, slot);
    const position = shift.position ?? "";
    const people = slot.posts.get(position) ?? [];
    slot.posts.set(position, people);
    people.push(shift);
  }
  return [...slots.values()].map((slot) => ({ ...slot, posts: [...slot.posts] }));
}

/** All positions but the one with the most shifts, which needs no sign. @param {Map<string, number>} counts */
function rarer(counts) {
  const [, ...rest] = [...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b));
  return rest.map(([position]) => position).filter(Boolean).sort();
}

/**
 * A sign for each text: its first letter, as many more as tell it apart.
 * @param {string[]} texts @returns {string[]}
 */
export function signsOf(texts) {
  const letters = texts.map((text) => [...text.toUpperCase()].filter((letter) => /[\p{L}\p{N}]/u.test(letter)));
  return letters.map((own, index) => {
    const others = letters.filter((_, at) => at !== index).map((word) => word.join(""));
    const length = own.findIndex((_, at) => !others.some((other) => other.startsWith(own.slice(0, at + 1).join("")))) + 1;
    return own.slice(0, length || 2).join("") || "•";
  });
}

/** So many shifts a day are read better in a list. */
export const CROWD = 4;

/**
 * The month as the grid, the list, the sheet and the legend draw it.
 * @param {{month: Month, duties: Duty[] | null, gaps: Gap[], days: DayNote[], roster: Roster, meId: number, now: number, onlyMine: boolean, firstWeekday: number}} input
 *   `duties` is null while the month is on its way; `gaps`: spans in which nobody is planned; `days`: what days are besides.
 */
export function monthModel({ month, duties, gaps, days: named, roster, meId, now, onlyMine, firstWeekday }) {
  const zone = roster.timezone;
  const ours = (duties ?? []).filter((duty) => duty.roster_id === roster.id).sort(byStart);
  const names = shortNames([...new Map(ours.map((duty) => [duty.user_id, { id: duty.user_id, name: duty.full_name }])).values()]);
  const today = localDay(now, zone);
  /** @type {Map<Day, Cell>} */
  const cells = new Map(gridDays(month, firstWeekday).map((day) => [day, { day, inMonth: day.startsWith(month), today: day === today, shifts: [], away: [], gaps: [], notes: [] }]));
  /** @type {Map<number, Shown & {count: number}>} */
  const people = new Map();
  const [start, end] = [month, addMonths(month, 1)].map((name) => instantOf(`${name}-01`, "00:00", zone));
  const own = { count: 0, time: 0 };
  /** @type {Set<string>} */
  const away = new Set();
  /** @type {Map<string, number>} How often each position has a shift. */
  const positions = new Map();
  let planned = 0;
  for (const duty of ours) {
    const entry = { ...entryOf(duty, zone, meId), short: names.get(duty.user_id) ?? duty.full_name };
    const days = daysOf(duty, zone);
    const shift = entry.works;
    // As /my and Mine count it: every shift that touches the month, and the part of its time that lies inside.
    const part = Math.min(entry.end, end) - Math.max(entry.start, start);
    if (part > 0) {
      if (shift) {
        planned += 1;
        positions.set(entry.position ?? "", (positions.get(entry.position ?? "") ?? 0) + 1);
      }
      else away.add(entry.type);
      const person = people.get(entry.userId) ?? { ...entry, count: 0 };
      person.count += Number(shift);
      people.set(entry.userId, person);
      if (entry.own && shift) {
        own.count += 1;
        own.time += part;
      }
    }
    if (onlyMine && !entry.own) continue;
    for (const day of days) cells.get(day)?.[shift ? "shifts" : "away"].push({ ...entry });
  }
  for (const gap of onlyMine ? [] : gaps.filter((one) => one.roster_id === roster.id)) {
    const span = { start: Date.parse(gap.start_at), end: Date.parse(gap.end_at) };
    for (const day of daysOf({ ...gap, event_type: "duty" }, zone)) cells.get(day)?.gaps.push(span);
  }
  for (const note of named.filter((one) => one.roster_id === roster.id)) cells.get(note.day)?.notes.push(note);
  const inOrder = [...cells.values()];
  inOrder.slice(1).forEach((cell, index) => join(inOrder[index], cell));
  const busy = inOrder.filter((cell) => cell.inMonth && cell.shifts.length);
  return {
    month, zone, today, loading: duties === null, empty: duties !== null && planned === 0 && away.size === 0,
    cells: inOrder, own: { count: own.count, hours: Math.round(own.time / 360_000) / 10 }, crowded: busy.length > 0 && busy.reduce((sum, cell) => sum + cell.shifts.length, 0) / busy.length > CROWD,
    gaps: inOrder.some((cell) => cell.gaps.length > 0), notes: [...new Set(named.filter((one) => one.roster_id === roster.id).map((note) => note.kind))].sort(), positions: rarer(positions), away: [...away].sort(),
    night: ours.some((duty) => works(duty) && shiftKind(duty, zone) === "night"),
    people: [...people.values()].filter((person) => person.count).sort((a, b) => b.count - a.count || a.name.localeCompare(b.name)),
  };
}

/** The month that is shown, those beside it, and two more. */
const MODELS_KEPT = 5;

/**
 * Models of months that are made once: what is asked for again with the same answers of the server is the same object.
 * @returns {(input: Parameters<typeof monthModel>[0]) => MonthModel}
 */
export function rememberedModels() {
  /** @type {Map<Month, {from: unknown[], model: MonthModel}>} */
  const kept = new Map();
  return (input) => {
    const { month, duties, gaps, days, roster, meId, now, onlyMine, firstWeekday } = input;
    const from = [duties, gaps, days, roster.id, roster.timezone, meId, localDay(now, roster.timezone), onlyMine, firstWeekday];
    const known = kept.get(month);
    const model = known?.from.every((part, index) => part === from[index]) ? known.model : monthModel(input);
    kept.delete(month);
    kept.set(month, { from, model });
    for (const [oldest] of kept) if (kept.size > MODELS_KEPT) kept.delete(oldest);
    return model;
  };
}

/** Pure: spans of days, who has worked how much in one, and the same as a file. */
import { addDays, addMonths, colourOf } from "../core.js";

/** @type {Metric[]} */
export const METRICS = ["hours", "nights", "weekend", "holiday"];
export const SPANS = ["month", "last", "quarter", "year", "own"];

/** @param {Month} month @returns {Day} */
export const lastDay = (month) => addDays(`${addMonths(month, 1)}-01`, -1);

/** @param {Month} first @param {Month} last */
const monthSpan = (first, last) => ({ from: `${first}-01`, to: lastDay(last) });

/**
 * The days a choice means: this month, the last one, this one and the two before it, this year.
 * @param {string} name Of `SPANS`. @param {Day} today @param {{from: Day, to: Day}} [own] What `own` means; this month where it is not said.
 * @returns {{from: Day, to: Day}}
 */
export function spanOf(name, today, own) {
  const month = today.slice(0, 7);
  const thisMonth = monthSpan(month, month);
  return {
    month: thisMonth, last: monthSpan(addMonths(month, -1), addMonths(month, -1)),
    quarter: monthSpan(addMonths(month, -2), month), year: monthSpan(`${month.slice(0, 4)}-01`, `${month.slice(0, 4)}-12`),
  }[name] ?? own ?? thisMonth;
}

/** @param {Worked} one As the server sends it. @returns {Figures} */
export const figuresOf = (one) => ({
  shifts: one.shifts, hours: one.hours, nights: one.nights, night: one.night_hours, weekend: one.weekend_hours, holiday: one.holiday_hours,
});

/**
 * The people with the most of a metric first, `share` of the largest, and the average.
 * @param {{rows: BalanceRow[], metric: Metric, meId: number}} input `rows` as the server sends them.
 */
export function balanceModel({ rows, metric, meId }) {
  const people = rows.map((row) => ({
    id: row.user_id, name: row.full_name, own: row.user_id === meId, colour: colourOf(row.user_id), ...figuresOf(row),
  })).sort((a, b) => b[metric] - a[metric] || a.name.localeCompare(b.name));
  const most = Math.max(0, ...people.map((one) => one[metric]));
  const average = people.length ? people.reduce((sum, one) => sum + one[metric], 0) / people.length : 0;
  return {
    metric, average, averageShare: most ? average / most : 0,
    people: people.map((one) => ({ ...one, share: most ? one[metric] / most : 0, beside: one[metric] - average })),
  };
}

/** A cell of a table: quoted where it has to be, and never a formula. @param {string | number} value @param {string} mark @param {string} separator */
function cell(value, mark, separator) {
  if (typeof value === "number") return String(value).replace(".", mark);
  const text = /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value;
  return text.includes(separator) || /["\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The table as a CSV file, a line a person or month; spreadsheets of languages with a decimal comma part cells by semicolons.
 * @param {[string, Worked][]} rows @param {Translate} t @param {string} head What lines are of: `name` or `month`. @param {string} mark The decimal mark.
 */
export function csvOf(rows, t, head, mark) {
  const separator = mark === "," ? ";" : ",";
  const heads = [head, "shifts", "hours", "nights", "night", "weekend", "holiday"].map((name) => t(`app.balance.head.${name}`));
  const lines = [heads, ...rows.map(([name, worked]) => [name, ...Object.values(figuresOf(worked))])];
  return `\uFEFF${lines.map((line) => line.map((value) => cell(value, mark, separator)).join(separator)).join("\r\n")}\r\n`;
}

/** What somebody has worked, to the minute and as files: Balance and Mine show it on a tap. */
import { h } from "../ui.js";

/** @param {number} hours @param {Translate} t */
export function exactTime(hours, t) {
  const minutes = Math.round(hours * 60);
  return t(minutes % 60 ? "app.sum.exact" : "app.sum.hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

/**
 * A line for each figure; holidays only where somebody was on duty on one.
 * @param {Figures} one @param {Translate} t @param {string} id @param {Child} [note]
 */
export function exactFigures(one, t, id, note) {
  const rows = [
    ["shifts", String(one.shifts)], ["hours", exactTime(one.hours, t)], ["nights", String(one.nights)], ["night", exactTime(one.night, t)],
    ["weekend", exactTime(one.weekend, t)], one.holiday > 0 && ["holiday", exactTime(one.holiday, t)],
  ].filter((row) => Array.isArray(row));
  return h("div.exact", { id }, h("dl", rows.map(([name, value]) => h("div.line", h("dt", t(`app.balance.head.${name}`)), h("dd", value)))), note);
}

/** What saves a file under a name. @param {string} name @returns {(file: Blob) => void} */
export const saverOf = (name) => (file) => {
  const address = URL.createObjectURL(file);
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
};

/** @param {string} name @param {string} table */
export const saveCsv = (name, table) => saverOf(name)(new Blob([table], { type: "text/csv;charset=utf-8" }));

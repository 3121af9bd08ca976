/**
 * Pure: days of a zone, months, names, and the models the views draw.
 *
 * @typedef {{id: number, roster_id: number, user_id: number, full_name: string, username: ?string, phone: ?string,
 *   position: ?string, start_at: string, end_at: string, event_type: string, note: ?string}} Duty
 * @typedef {{id: number, name: string, timezone: string, handover_at: string}} Roster
 * @typedef {{roster_id: number, current: Duty[], next: Duty[], gap: ?{start_at: string, end_at: ?string}, valid_until: ?string}} RosterNow
 * @typedef {string} Day A local date, `2026-11-23`; compares as a string.
 * @typedef {string} Month `2026-11`.
 * @typedef {Object} Language The server's table: `Language.for_page` in `i18n/languages.py`.
 */

const DAY_MS = 86_400_000;
const PALETTE_SIZE = 10;

const clocks = new Map(); // by zone

/** The zone, or UTC for an unknown one. */
export function usableZone(zone) {
  try {
    clockOf(zone);
    return zone;
  } catch {
    return "UTC";
  }
}

function clockOf(zone) {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
      hour: "2-digit", minute: "2-digit",
    });
    clocks.set(zone, clock);
  }
  return clock;
}

/**
 * The wall clock of a zone at an instant.
 * @param {number} instant Milliseconds since the epoch.
 * @param {string} zone
 * @returns {{day: Day, time: string}} `time` is `HH:MM`
 */
export function localClock(instant, zone) {
  const part = Object.fromEntries(clockOf(zone).formatToParts(instant).map(({ type, value }) => [type, value]));
  return { day: `${part.year.padStart(4, "0")}-${part.month}-${part.day}`, time: `${part.hour}:${part.minute}` };
}

/** @returns {Day} The local date of an instant. */
export const localDay = (instant, zone) => localClock(instant, zone).day;

/** Minutes east of UTC. */
export function zoneOffset(instant, zone) {
  const { day, time } = localClock(instant, zone);
  return Math.ceil((Date.parse(`${day}T${time}Z`) - instant) / 60_000);
}

/**
 * The instant of a wall time. In the spring gap: its end; in the doubled hour: its first pass.
 * @param {Day} day
 * @param {string} time `HH:MM`
 * @param {string} zone
 * @returns {number}
 */
export function instantOf(day, time, zone) {
  const wall = Date.parse(`${day}T${time}Z`);
  let instant = Math.min(...[-DAY_MS, DAY_MS].map((aside) => wall - zoneOffset(wall + aside, zone) * 60_000));
  const reached = (clock) => clock.day > day || (clock.day === day && clock.time >= time);
  while (!reached(localClock(instant, zone))) instant += 60_000;
  return instant;
}

/** @returns {Day} */
export const addDays = (day, count) => new Date(Date.parse(`${day}T00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);

/** @returns {Month} */
export function addMonths(month, count) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7);
}

const weekdayOf = (day) => (new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7;

/** The days a month's grid shows: whole weeks. @param {Month} month @param {number} firstWeekday 0 is Monday. @returns {Day[]} */
export function gridDays(month, firstWeekday) {
  const first = `${month}-01`;
  const days = [];
  let day = addDays(first, -((weekdayOf(first) - firstWeekday + 7) % 7));
  for (; day.slice(0, 7) <= month || days.length % 7; day = addDays(day, 1)) days.push(day);
  return days;
}

/** Not an absence. */
const works = (duty) => duty.event_type === "duty";

/**
 * The local days an entry is shown on: a duty on the day it starts and each later day whose same wall time it outlasts, an absence
 * on every day it touches.
 * @param {Duty} duty @param {string} zone @returns {Day[]}
 */
export function daysOf(duty, zone) {
  const [start, end] = [Date.parse(duty.start_at), Date.parse(duty.end_at)];
  const { day: first, time } = localClock(start, zone);
  const days = [first];
  if (works(duty)) {
    for (let day = addDays(first, 1); instantOf(day, time, zone) < end; day = addDays(day, 1)) days.push(day);
    return days;
  }
  const last = localDay(end - 1, zone);
  for (let day = addDays(first, 1); day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

/** `day` or `night` for a shift shorter than a day, else `full`. A night holds midnight or starts in the evening. */
export function shiftKind(duty, zone) {
  const [start, end] = [Date.parse(duty.start_at), Date.parse(duty.end_at)];
  if (end - start > 20 * 3_600_000) return "full";
  const from = localClock(start, zone);
  return from.time >= "17:00" || from.time < "05:00" || localDay(end - 1, zone) !== from.day ? "night" : "day";
}

const words = (name) => name.trim().split(/\s+/u).filter(Boolean);
const dotted = (word) => word.includes(".");
const initial = (word) => (dotted(word) ? word : `${[...word][0]}.`);

/** One or two letters. */
export const monogram = (name) => words(name).slice(0, 2).map((word) => [...word][0]).join("").toUpperCase() || "?";

/**
 * Short names that tell people apart: first word and initials; where two share it, the second word leads.
 * @param {{id: number, name: string}[]} people
 * @returns {Map<number, string>}
 */
export function shortNames(people) {
  const count = (index) => {
    const seen = new Map();
    for (const { name } of people) {
      const word = words(name)[index];
      if (word) seen.set(word, (seen.get(word) ?? 0) + 1);
    }
    return seen;
  };
  const [firsts, seconds] = [count(0), count(1)];
  return new Map(people.map(({ id, name }) => {
    const [first = name, second, ...rest] = words(name);
    if (!second || dotted(first)) return [id, words(name).join(" ") || name];
    if (firsts.get(first) === 1) return [id, [first, ...[second, ...rest].map(initial)].join(" ")];
    return [id, seconds.get(second) === 1 && !dotted(second) ? `${second} ${initial(first)}` : words(name).join(" ")];
  }));
}

/** A person's colour, always one. */
export const colourOf = (userId) => ((userId % PALETTE_SIZE) + PALETTE_SIZE) % PALETTE_SIZE;

/** Digits and a leading plus, or null. */
export function dialable(phone) {
  const digits = (phone ?? "").replace(/[^\d+]/gu, "").replace(/(?!^)\+/gu, "");
  return /^\+?\d{3,15}$/u.test(digits) ? digits : null;
}

/** A Telegram address, or null when that is no username. */
export const chatLink = (username) => (/^\w{3,32}$/u.test(username ?? "") ? `https://t.me/${username}` : null);

/** Hours, to a tenth. */
export const hoursOf = (duty) => Math.round((Date.parse(duty.end_at) - Date.parse(duty.start_at)) / 360_000) / 10;

const byStart = (a, b) =>
  Date.parse(a.start_at) - Date.parse(b.start_at) || (a.position ?? "").localeCompare(b.position ?? "") || a.id - b.id;

/** One person's entry as the views draw it. */
function entryOf(duty, zone, names, meId) {
  return {
    id: duty.id, userId: duty.user_id, name: duty.full_name, short: names.get(duty.user_id) ?? duty.full_name,
    colour: colourOf(duty.user_id), own: duty.user_id === meId, type: duty.event_type, works: works(duty), kind: shiftKind(duty, zone),
    position: duty.position, note: duty.note, hours: hoursOf(duty), phone: dialable(duty.phone), phoneText: duty.phone,
    chat: chatLink(duty.username), start: Date.parse(duty.start_at), end: Date.parse(duty.end_at),
  };
}

/**
 * The month as the grid, the sheet and the legend draw it.
 * @param {{month: Month, duties: ?Duty[], roster: Roster, meId: number, now: number, onlyMine: boolean, firstWeekday: number}} input
 *   `duties` is null while the month is on its way.
 */
export function monthModel({ month, duties, roster, meId, now, onlyMine, firstWeekday }) {
  const zone = roster.timezone;
  const ours = (duties ?? []).filter((duty) => duty.roster_id === roster.id).sort(byStart);
  const names = shortNames([...new Map(ours.map((duty) => [duty.user_id, { id: duty.user_id, name: duty.full_name }])).values()]);
  const today = localDay(now, zone);
  const cells = new Map(gridDays(month, firstWeekday).map((day) => [day, { day, inMonth: day.startsWith(month), today: day === today, shifts: [], away: [] }]));
  const people = new Map();
  const own = { count: 0, hours: 0 };
  const away = new Set();
  let planned = 0;
  for (const duty of ours) {
    const entry = entryOf(duty, zone, names, meId);
    const days = daysOf(duty, zone);
    const inMonth = days.some((day) => day.startsWith(month));
    const shift = entry.works;
    if (inMonth) {
      if (shift) planned += 1;
      else away.add(entry.type);
      const person = people.get(entry.userId) ?? { ...entry, count: 0 };
      person.count += Number(shift);
      people.set(entry.userId, person);
      if (entry.own && shift) {
        own.count += 1;
        own.hours += entry.hours;
      }
    }
    if (onlyMine && !entry.own) continue;
    for (const day of days) cells.get(day)?.[shift ? "shifts" : "away"].push(entry);
  }
  return {
    month, zone, today, loading: duties === null, empty: duties !== null && planned === 0 && away.size === 0,
    cells: [...cells.values()], own, away: [...away].sort(),
    night: ours.some((duty) => works(duty) && shiftKind(duty, zone) === "night"),
    people: [...people.values()].filter((person) => person.count).sort((a, b) => b.count - a.count || a.name.localeCompare(b.name)),
  };
}

/**
 * The card on top: who is on, who is next, and a gap if there is one.
 * @param {{state: ?RosterNow, roster: Roster, meId: number, now: number}} input
 */
export function nowModel({ state, roster, meId, now }) {
  if (!state) return null;
  const zone = roster.timezone;
  const names = new Map();
  const entries = (duties) => [...duties].sort(byStart).map((duty) => entryOf(duty, zone, names, meId));
  const gap = state.gap && { start: Date.parse(state.gap.start_at), end: state.gap.end_at ? Date.parse(state.gap.end_at) : null };
  const current = entries(state.current).filter((entry) => entry.end > now);
  return {
    zone, today: localDay(now, zone), current, next: entries(state.next),
    gap: gap && { ...gap, open: gap.start <= now }, nobody: current.length === 0,
  };
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * How times, days, numbers are written.
 * @param {Language} language @param {string} zone The roster's.
 */
export function formats(language, zone) {
  const fill = (template, values) => template.replace(/\{(\w+)\}/gu, (_, name) => values[name]);
  const inYear = (date, day) => fill(language.withYear, { date, year: day.slice(0, 4) });
  const date = (day, months) => fill(language.date, { day: Number(day.slice(8)), month: months[Number(day.slice(5, 7)) - 1] });
  const on = (template, names, day, date) => fill(template, { weekday: names[weekdayOf(day)], date });
  return {
    number: (value) => String(Math.round(value * 10) / 10).replace(".", language.decimalMark),
    /** `09:00`, on another day with the day. */
    moment(instant, day) {
      const local = localClock(instant, zone);
      if (local.day === day) return local.time;
      const written = date(local.day, language.monthsInDate);
      const near = local.day.slice(0, 4) === day.slice(0, 4);
      return `${on(language.day, language.weekdays, local.day, near ? written : inYear(written, local.day))}, ${local.time}`;
    },
    month: (value) => capital(inYear(language.months[Number(value.slice(5)) - 1], value)),
    day: (day) => capital(on(language.dayLong, language.weekdaysLong, day, date(day, language.monthsInDateLong))),
    /** Whole local days, both ends included. */
    days: (start, end) => [...new Set([localDay(start, zone), localDay(end - 1, zone)])].map((day) => date(day, language.monthsInDate)).join(" – "),
    weekdays: language.weekdays.map((_, index) => {
      const at = (index + language.firstWeekday) % 7;
      return { short: language.weekdays[at], long: language.weekdaysLong[at] };
    }),
    zone: (now) => new Intl.DateTimeFormat(language.locale, { timeZone: zone, timeZoneName: "long" })
      .formatToParts(now).find(({ type }) => type === "timeZoneName").value,
  };
}

/** Local days an entry of whole days covers. */
export const wholeDays = (entry, zone) =>
  Math.round((Date.parse(`${localDay(entry.end - 1, zone)}T00:00Z`) - Date.parse(`${localDay(entry.start, zone)}T00:00Z`)) / DAY_MS) + 1;

/** Pure: days of a zone, months, people's entries, and who is on now. `models/` holds what later views need; types: `types.d.ts`. */

export const DAY_MS = 86_400_000;
/** No change of clocks brings the same wall time of the next day nearer. */
const SHORTEST_DAY_MS = 22 * 3_600_000;
const PALETTE_SIZE = 10;

/** @type {Map<string, Intl.DateTimeFormat>} By zone. */
const clocks = new Map();

/** The zone, or UTC for an unknown one. @param {string} zone */
export function usableZone(zone) {
  try {
    clockOf(zone);
    return zone;
  } catch {
    return "UTC";
  }
}

/** @param {string} zone */
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

const QUARTER_MS = 900_000;
/** @type {Map<string, Map<Instant, number>>} Zone → quarter of an hour since the epoch → minutes east of UTC: clocks change at quarters. */
const offsets = new Map();

/** Minutes east of UTC. A month asks for the same few instants again and again, and `Intl` is slow. @param {Instant} instant @param {string} zone */
export function zoneOffset(instant, zone) {
  const known = offsets.get(zone) ?? new Map();
  offsets.set(zone, known);
  const quarter = Math.floor(instant / QUARTER_MS);
  let offset = known.get(quarter);
  if (offset === undefined) {
    const begin = quarter * QUARTER_MS;
    const part = Object.fromEntries(clockOf(zone).formatToParts(begin).map(({ type, value }) => [type, value]));
    const wall = Date.parse(`${part.year.padStart(4, "0")}-${part.month}-${part.day}T${part.hour}:${part.minute}Z`);
    known.set(quarter, offset = Math.ceil((wall - begin) / 60_000));
  }
  return offset;
}

/** More instants than a month asks for again and again. */
const MOST_CLOCKS = 4_000;
/** @type {Map<string, Map<Instant, {day: Day, time: string}>>} Zone → instant → its wall clock: everybody's shifts begin at the same few. */
const walls = new Map();

/**
 * The wall clock of a zone at an instant.
 * @param {Instant} instant @param {string} zone
 * @returns {Readonly<{day: Day, time: string}>} `time` is `HH:MM`
 */
export function localClock(instant, zone) {
  let known = walls.get(zone);
  if (!known || known.size > MOST_CLOCKS) walls.set(zone, known = new Map());
  let clock = known.get(instant);
  if (!clock) {
    const wall = new Date(instant + zoneOffset(instant, zone) * 60_000).toISOString();
    known.set(instant, clock = { day: wall.slice(0, 10), time: wall.slice(11, 16) });
  }
  return clock;
}

/** The local date of an instant. @param {Instant} instant @param {string} zone @returns {Day} */
export const localDay = (instant, zone) => localClock(instant, zone).day;

/**
 * The instant of a wall time. In the spring gap: its end; in the doubled hour: its first pass.
 * @param {Day} day @param {string} time `HH:MM` @param {string} zone
 * @returns {Instant}
 */
export function instantOf(day, time, zone) {
  const wall = Date.parse(`${day}T${time}Z`);
  let instant = Math.min(...[-DAY_MS, DAY_MS].map((aside) => wall - zoneOffset(wall + aside, zone) * 60_000));
  /** @param {{day: Day, time: string}} clock */
  const reached = (clock) => clock.day > day || (clock.day === day && clock.time >= time);
  while (!reached(localClock(instant, zone))) instant += 60_000;
  return instant;
}

/** @param {Day} day @param {number} count @returns {Day} */
export const addDays = (day, count) => new Date(Date.parse(`${day}T00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);

/** @param {Month} month @param {number} count @returns {Month} */
export function addMonths(month, count) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7);
}

/** Whether the server shows days of that month. @param {Month} month */
export const inReach = (month) => month >= "1970-01" && month <= "2200-12";

/** 0 is Monday. @param {Day} day */
export const weekdayOf = (day) => (new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7;

/** Not an absence. @param {{event_type: string}} duty */
export const works = (duty) => duty.event_type === "duty";

/**
 * The local days an entry is shown on: a duty on the day it starts and each later day whose same wall time it outlasts, an absence
 * on every day it touches.
 * @param {{start_at: string, end_at: string, event_type: string}} duty @param {string} zone @returns {Day[]}
 */
export function daysOf(duty, zone) {
  const [start, end] = [Date.parse(duty.start_at), Date.parse(duty.end_at)];
  const { day: first, time } = localClock(start, zone);
  const days = [first];
  if (works(duty)) {
    if (end - start <= SHORTEST_DAY_MS) return days;
    for (let day = addDays(first, 1); instantOf(day, time, zone) < end; day = addDays(day, 1)) days.push(day);
    return days;
  }
  const last = localDay(end - 1, zone);
  for (let day = addDays(first, 1); day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

/**
 * `day` or `night` for a shift shorter than a day, else `full`. A night holds midnight or starts in the evening.
 * @param {Duty} duty @param {string} zone
 */
export function shiftKind(duty, zone) {
  const [start, end] = [Date.parse(duty.start_at), Date.parse(duty.end_at)];
  if (end - start > 20 * 3_600_000) return "full";
  const from = localClock(start, zone);
  return from.time >= "17:00" || from.time < "05:00" || localDay(end - 1, zone) !== from.day ? "night" : "day";
}

/** @param {string} name */
const words = (name) => name.trim().split(/\s+/u).filter(Boolean);

/** One or two letters. @param {string} name */
export const monogram = (name) => words(name).slice(0, 2).map((word) => [...word][0]).join("").toUpperCase() || "?";

/** A person's colour, always one. @param {number} userId */
export const colourOf = (userId) => ((userId % PALETTE_SIZE) + PALETTE_SIZE) % PALETTE_SIZE;

/** Digits and a leading plus, or null. @param {string | null} phone */
export function dialable(phone) {
  const digits = (phone ?? "").replace(/[^\d+]/gu, "").replace(/(?!^)\+/gu, "");
  return /^\+?\d{3,15}$/u.test(digits) ? digits : null;
}

/** A Telegram address, or null when that is no username. @param {string | null} username */
export const chatLink = (username) => (/^\w{3,32}$/u.test(username ?? "") ? `https://t.me/${username}` : null);

/** Hours, to a tenth. @param {Duty} duty */
export const hoursOf = (duty) => Math.round((Date.parse(duty.end_at) - Date.parse(duty.start_at)) / 360_000) / 10;

/** @param {Duty} a @param {Duty} b */
export const byStart = (a, b) =>
  (a.start_at !== b.start_at && Date.parse(a.start_at) - Date.parse(b.start_at))
  || (a.position !== b.position && (a.position ?? "").localeCompare(b.position ?? "")) || a.id - b.id;

/** One person's entry as the views draw it. @param {Duty} duty @param {string} zone @param {number} meId */
export function entryOf(duty, zone, meId) {
  return {
    id: duty.id, userId: duty.user_id, name: duty.full_name,
    colour: colourOf(duty.user_id), own: duty.user_id === meId, type: duty.event_type, works: works(duty), kind: shiftKind(duty, zone),
    position: duty.position, note: duty.note, hours: hoursOf(duty), phone: dialable(duty.phone), phoneText: duty.phone,
    chat: chatLink(duty.username), start: Date.parse(duty.start_at), end: Date.parse(duty.end_at),
  };
}

/**
 * What an answer about now is worth after its end: who was next may be on by then; of what comes later it says nothing.
 * @param {RosterNow} state @param {Instant} now
 */
function overtaken(state, now) {
  const begun = state.next.filter((duty) => Date.parse(duty.start_at) <= now);
  const on = [...state.current, ...begun].filter((duty) => Date.parse(duty.end_at) > now);
  const gap = state.gap && Date.parse(state.gap.end_at ?? "") <= now ? null : state.gap;
  const open = gap && Date.parse(gap.start_at) <= now;
  return { current: on, next: begun.length ? [] : state.next, gap, unknown: !on.length && !open && (begun.length > 0 || !state.next.length) };
}

/**
 * A roster's card: who is on, who is next, and a gap if there is one. Where the answer is from before its own end
 * (`valid_until`), it is carried on as far as it reaches; `unknown` tells that it does not reach until now.
 * @param {{state: RosterNow | undefined, roster: Roster, meId: number, now: Instant}} input
 */
export function nowModel({ state, roster, meId, now }) {
  if (!state) return null;
  const zone = roster.timezone;
  const old = Date.parse(state.valid_until ?? "") <= now;
  const shown = old ? overtaken(state, now) : { ...state, unknown: false };
  /** @param {Duty[]} duties */
  const entries = (duties) => [...duties].sort(byStart).map((duty) => entryOf(duty, zone, meId));
  const gap = shown.gap && { start: Date.parse(shown.gap.start_at), end: shown.gap.end_at ? Date.parse(shown.gap.end_at) : null };
  const current = entries(shown.current).filter((entry) => entry.end > now);
  return {
    rosterId: roster.id, name: roster.name, zone, today: localDay(now, zone), current, next: entries(shown.next),
    gap: gap && { ...gap, open: gap.start <= now }, nobody: current.length === 0, unknown: shown.unknown, old,
  };
}

/** @param {string} day */
const isDay = (day) => !Number.isNaN(Date.parse(day)) && addDays(day, 0) === day && inReach(day.slice(0, 7));

/**
 * What a link asks to open: parts joined by `_`: a tab, `r2` (a roster), `d2026-11-26` (a day), `s7` (a shift), `q7` (a request).
 * @param {string} param Of `startapp`. @param {string[]} tabs
 * @returns {{tab: string, rosterId: number, day: string, shift: number, request: number}}
 */
export function startWishes(param, tabs) {
  const found = { tab: tabs[0], rosterId: 0, day: "", shift: 0, request: 0 };
  for (const part of param.split("_")) {
    if (tabs.includes(part)) found.tab = part;
    else if (/^r\d{1,15}$/u.test(part)) found.rosterId = Number(part.slice(1));
    else if (/^s\d{1,15}$/u.test(part)) Object.assign(found, { tab: "month", shift: Number(part.slice(1)) });
    else if (/^q\d{1,15}$/u.test(part)) Object.assign(found, { tab: "mine", request: Number(part.slice(1)) });
    else if (/^d\d{4}-\d{2}-\d{2}$/u.test(part) && isDay(part.slice(1))) Object.assign(found, { tab: "month", day: part.slice(1) });
  }
  return found;
}

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Whether clocks of two zones show something different at one of these instants. @param {string} zone @param {string} other @param {...Instant} instants */
export const clocksDiffer = (zone, other, ...instants) => instants.some((instant) => zoneOffset(instant, zone) !== zoneOffset(instant, other));

/** @type {Map<string, Intl.DateTimeFormat>} By language and zone. */
const named = new Map();

/** What writes a zone's name; making one is slow. @param {string} locale @param {string} zone */
function zoneNames(locale, zone) {
  const key = `${locale} ${zone}`;
  const known = named.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "long" });
  named.set(key, known);
  return known;
}

/**
 * How times, days, numbers are written.
 * @param {Language} language @param {string} zone The roster's.
 * @param {string} [own] The reader's own, where its times are wanted beside.
 */
export function formats(language, zone, own = "") {
  /** @param {string} template @param {Record<string, string | number>} values */
  const fill = (template, values) => template.replace(/\{(\w+)\}/gu, (_, name) => String(values[name]));
  /** @param {string} date @param {Day | Month} day */
  const inYear = (date, day) => fill(language.withYear, { date, year: day.slice(0, 4) });
  /** @param {Day} day @param {string[]} months */
  const date = (day, months) => fill(language.date, { day: Number(day.slice(8)), month: months[Number(day.slice(5, 7)) - 1] });
  /** @param {string} template @param {string[]} names @param {Day} day @param {string} date */
  const on = (template, names, day, date) => fill(template, { weekday: names[weekdayOf(day)], date });
  return {
    /** @param {number} value */
    number: (value) => String(Math.round(value * 10) / 10).replace(".", language.decimalMark),
    /** `09:00`, on another day with the day. @param {Instant} instant @param {Day} day */
    moment(instant, day) {
      const local = localClock(instant, zone);
      if (local.day === day) return local.time;
      const written = date(local.day, language.monthsInDate);
      const near = !day || local.day.slice(0, 4) === day.slice(0, 4);
      return `${on(language.day, language.weekdays, local.day, near ? written : inYear(written, local.day))}, ${local.time}`;
    },
    /** @param {Instant} instant @param {Day} day */
    isOn: (instant, day) => localDay(instant, zone) === day,
    /** @param {Instant} instant */
    time: (instant) => localClock(instant, zone).time,
    /**
     * From–to with the day, which is said once where one is enough; times alone on the given day.
     * @param {Instant} start @param {Instant} end @param {Day} day
     */
    span(start, end, day) {
      const [from, to] = [localDay(start, zone), localDay(end, zone)];
      return `${this.moment(start, day)}${from === to ? "–" : " – "}${from === to ? localClock(end, zone).time : this.moment(end, day)}`;
    },
    /**
     * The same moment, or from–to, by the reader's own clock: "" where that is not wanted, or shows the same.
     * @param {Day} day Whose day needs no saying, as for `span`. @param {Instant} start @param {Instant} [end] @returns {string}
     */
    beside(day, start, end) {
      if (!own || !clocksDiffer(zone, own, start, end ?? start)) return "";
      const mine = formats(language, own);
      return end === undefined ? mine.moment(start, day) : mine.span(start, end, day);
    },
    /** @param {Month} value */
    month: (value) => capital(inYear(language.months[Number(value.slice(5)) - 1], value)),
    /** @param {Day} day */
    day: (day) => capital(on(language.dayLong, language.weekdaysLong, day, date(day, language.monthsInDateLong))),
    /** Whole local days, both ends included. @param {Instant} start @param {Instant} end */
    days: (start, end) => [...new Set([localDay(start, zone), localDay(end - 1, zone)])].map((day) => date(day, language.monthsInDate)).join(" – "),
    weekdays: language.weekdays.map((_, index) => {
      const at = (index + language.firstWeekday) % 7;
      return { short: language.weekdays[at], long: language.weekdaysLong[at] };
    }),
    /** @param {Instant} now */
    zone: (now) => zoneNames(language.locale, zone).formatToParts(now).find(({ type }) => type === "timeZoneName")?.value ?? zone,
  };
}

/** Local days an entry of whole days covers. @param {Span} entry @param {string} zone */
export const wholeDays = (entry, zone) =>
  Math.round((Date.parse(`${localDay(entry.end - 1, zone)}T00:00Z`) - Date.parse(`${localDay(entry.start, zone)}T00:00Z`)) / DAY_MS) + 1;

/** Pure: a week as a board of people and days, and the edit that a shift's new place on it means. */
import { DAY_MS, addDays, byStart, instantOf, localClock, localDay, weekdayOf, works } from "../core.js";

/** The first day of the week that a day lies in. @param {Day} day @param {number} firstWeekday 0 is Monday. @returns {Day} */
export const weekStart = (day, firstWeekday) => addDays(day, -((weekdayOf(day) - firstWeekday + 7) % 7));

/**
 * Who has which shift on which day: each shift once, on the day it starts, or on the first one where it has begun before.
 * @param {{duties: Duty[], people: {id: number, full_name: string}[], first: Day, count: number, zone: string, rosterId: number}} input
 */
export function boardModel({ duties, people, first, count, zone, rosterId }) {
  const days = Array.from({ length: count }, (_, index) => addDays(first, index));
  const end = instantOf(addDays(first, count), "00:00", zone);
  const here = duties.filter((duty) => duty.roster_id === rosterId && Date.parse(duty.start_at) < end).sort(byStart);
  /** @type {Map<number, string>} */
  const names = new Map(people.map((one) => [one.id, one.full_name]));
  for (const duty of here) if (!names.has(duty.user_id)) names.set(duty.user_id, duty.full_name);
  return {
    days,
    rows: [...names].map(([id, name]) => ({
      id, name,
      cells: days.map((day) => {
        const theirs = here.filter((duty) => duty.user_id === id);
        return {
          day,
          shifts: theirs.filter((duty) => works(duty) && shownOn(duty, first, zone) === day && localDay(Date.parse(duty.end_at) - 1, zone) >= first).map((duty) => ({
            id: duty.id, userId: id, name, day, position: duty.position, start: Date.parse(duty.start_at), end: Date.parse(duty.end_at),
          })),
          away: theirs.filter((duty) => !works(duty) && localDay(Date.parse(duty.start_at), zone) <= day && day <= localDay(Date.parse(duty.end_at) - 1, zone))
            .map((duty) => duty.event_type),
        };
      }),
    })),
  };
}

/** @param {Duty} duty @param {Day} first @param {string} zone @returns {Day} */
function shownOn(duty, first, zone) {
  const day = localDay(Date.parse(duty.start_at), zone);
  return day < first ? first : day;
}

/** Days from one day to another. @param {Day} from @param {Day} to */
const daysBetween = (from, to) => Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / DAY_MS);

/**
 * What it means to put a shift in another place: `give` where only the person is another, else `move`, by whole days of the wall
 * clock. null: it is there already.
 * @param {BoardShift} shift @param {number} userId @param {Day} day @param {string} zone @param {number} rosterId
 */
export function dropEdit(shift, userId, day, zone, rosterId) {
  const days = daysBetween(shift.day, day);
  if (!days && userId === shift.userId) return null;
  const body = { roster_id: rosterId, duty_id: shift.id };
  const given = userId === shift.userId ? {} : { user_id: userId };
  /** @param {Instant} instant */
  const exact = (instant) => new Date(instant).toISOString();
  if (!days) return { what: "give", ...body, ...given, start: exact(shift.start), end: exact(shift.end) };
  /** @param {Instant} instant */
  const later = (instant) => {
    const { day: local, time } = localClock(instant, zone);
    return `${addDays(local, days)}T${time}`;
  };
  return { what: "move", ...body, ...given, start: later(shift.start), end: later(shift.end) };
}

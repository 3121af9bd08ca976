/** Pure: one's own shifts and the team, as their views draw them. */
import { chatLink, colourOf, dialable, localDay } from "../core.js";
import { figuresOf } from "./balance.js";

/**
 * @param {{mine: MineAnswer, rosters: Roster[], now: Instant}} input
 */
export function mineModel({ mine, rosters, now }) {
  const zones = new Map(rosters.map((one) => [one.id, one]));
  /** @param {number} id */
  const roster = (id) => zones.get(id) ?? rosters[0];
  const several = rosters.length > 1;
  return {
    shifts: mine.shifts.map((shift) => ({
      id: shift.duty_id, zone: roster(shift.roster_id).timezone, roster: several ? roster(shift.roster_id).name : "",
      position: shift.position, start: Date.parse(shift.start_at), end: Date.parse(shift.end_at),
      hours: (Date.parse(shift.end_at) - Date.parse(shift.start_at)) / 3_600_000,
      running: Date.parse(shift.start_at) <= now, asked: shift.asked, askedStart: shift.asked_start, askedEnd: shift.asked_end,
    })).filter((shift) => shift.end > now),
    // An absence is written into each roster of a person; said once is enough.
    away: [...new Map(mine.away.map((one) => [`${one.event_type} ${one.start_at} ${one.end_at}`, {
      id: one.id, rosterId: one.roster_id, type: one.event_type, zone: roster(one.roster_id).timezone,
      start: Date.parse(one.start_at), end: Date.parse(one.end_at), note: one.note,
    }])).values()],
    months: mine.months.map((one) => ({ month: one.month.slice(0, 7), ...figuresOf(one) })),
  };
}

/** Upper and lower case, ё and е do not count when people are looked for. @param {string} text */
const folded = (text) => text.toLowerCase().replaceAll("ё", "е");

/**
 * @param {{team: Teammate[], rosters: Roster[], meId: number, now: Instant, wanted: string}} input `wanted`: what was typed.
 */
export function teamModel({ team, rosters, meId, now, wanted }) {
  const zones = new Map(rosters.map((one) => [one.id, one.timezone]));
  /** @param {number} id */
  const zone = (id) => zones.get(id) ?? rosters[0]?.timezone ?? "UTC";
  const words = folded(wanted).split(/\s+/u).filter(Boolean);
  return team.filter(({ full_name: name }) => words.every((word) => folded(name).includes(word))).map((one) => ({
    id: one.id, name: one.full_name, own: one.id === meId, colour: colourOf(one.id),
    phone: dialable(one.phone), phoneText: one.phone, chat: chatLink(one.username),
    next: one.next && {
      zone: zone(one.next.roster_id), today: localDay(now, zone(one.next.roster_id)),
      start: Date.parse(one.next.start_at), end: Date.parse(one.next.end_at), running: Date.parse(one.next.start_at) <= now,
    },
    away: one.away && { zone: zone(one.away.roster_id), type: one.away.event_type, end: Date.parse(one.away.end_at) },
  }));
}

/**
 * Everybody as admins look at them, and who of them is not in the team.
 * @param {{team: Teammate[], people: Person[], wanted: string}} input
 */
export function peopleModel({ team, people, wanted }) {
  const words = folded(wanted).split(/\s+/u).filter(Boolean);
  const mates = new Set(team.map(({ id }) => id));
  const all = people.map((one) => ({ ...one, colour: colourOf(one.id) }));
  return {
    all: new Map(all.map((one) => [one.id, one])),
    others: all.filter((one) => !mates.has(one.id) && words.every((word) => folded(one.full_name).includes(word))),
  };
}

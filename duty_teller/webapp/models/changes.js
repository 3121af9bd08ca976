/** Pure: who could have a shift, and the times that a form of one starts from. */
import { localClock, works } from "../core.js";

/** What a field of a wall-clock time shows of an instant. @param {Instant} instant @param {string} zone */
export function wallTime(instant, zone) {
  const { day, time } = localClock(instant, zone);
  return `${day}T${time}`;
}

/**
 * What is sent for a field: the instant it was filled with while nobody has touched it (of a doubled hour that tells which one),
 * else the wall-clock time.
 * @param {string} value Of the field. @param {Instant} instant @param {string} zone
 */
export const sentTime = (value, instant, zone) => (value === wallTime(instant, zone) ? new Date(instant).toISOString() : value);

/**
 * People for a shift: the free ones first, then who is on duty at that time (`on`), then who is away (`away`).
 * @param {{people: {id: number, full_name: string}[], duties: Duty[], start: Instant, end: Instant, holder: number | null}} input
 * @returns {{id: number, name: string, busy: ""|"on"|"away"}[]}
 */
export function candidates({ people, duties, start, end, holder }) {
  const busy = new Map();
  for (const duty of duties) {
    if (Date.parse(duty.start_at) >= end || Date.parse(duty.end_at) <= start) continue;
    if (!works(duty)) busy.set(duty.user_id, "away");
    else if (!busy.has(duty.user_id)) busy.set(duty.user_id, "on");
  }
  const order = ["", "on", "away"];
  return people.filter(({ id }) => id !== holder)
    .map(({ id, full_name: name }) => ({ id, name, busy: busy.get(id) ?? "" }))
    .sort((a, b) => order.indexOf(a.busy) - order.indexOf(b.busy));
}

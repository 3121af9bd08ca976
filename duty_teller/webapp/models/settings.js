/** Pure: what of a form was changed, and what a change by somebody else means for a field. */

/**
 * What is stored: the fields that show something else than they were filled with.
 * @param {Record<string, string>} base What they were filled with. @param {Record<string, string>} now What they show.
 */
export function changedFields(base, now) {
  const names = Object.keys(now).filter((name) => now[name].trim() !== base[name]);
  return {
    before: Object.fromEntries(names.map((name) => [name, base[name]])),
    after: Object.fromEntries(names.map((name) => [name, now[name].trim()])),
  };
}

/**
 * What to do with a field when its value comes anew: nothing (`same`), show it (`fill`: nobody has touched it, or what was typed is
 * it), or keep what was typed and `tell`.
 * @param {string} base What it was filled with. @param {string} value What it is now. @param {string} typed
 * @returns {"same" | "fill" | "tell"}
 */
export function fieldNews(base, value, typed) {
  if (value === base) return "same";
  return typed.trim() === base || typed.trim() === value ? "fill" : "tell";
}

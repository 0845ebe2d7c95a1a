/**
 * Compares what was measured with its bounds, by their names.
 *
 * @param {ReadonlyMap<string, number>} measured
 * @param {Record<string, number>} bounds
 * @returns {{ beyond: string[], unbound: string[], missing: string[] }} names: of values beyond
 *   their bounds (or no numbers), of values that have none, and of bounds that no value is there for
 */
export function judge(measured, bounds) {
  const names = [...measured.keys()];
  const hasBound = (name) => Object.hasOwn(bounds, name);
  return {
    beyond: names.filter((name) => hasBound(name) && !(measured.get(name) <= bounds[name])),
    unbound: names.filter((name) => !hasBound(name)),
    missing: Object.keys(bounds).filter((name) => !measured.has(name)),
  };
}

import type { AsyncGenSite } from '../../../runtime/index.js';
import type { LeftRow } from '../watch/left.js';
import { byProblems, leftBySite, mergeKinds, SUMS, type GeneratorReport } from './report.js';

/**
 * What is open now, as if the program had come to its end.
 * @param created those that were called and never iterated, where that is known.
 */
export function openOf(
  rows: readonly LeftRow[],
  created: readonly { readonly site: AsyncGenSite; readonly count: number }[] = [],
): GeneratorReport[] {
  const neverIterated = new Map<string, number>();
  for (const { site, count } of created) {
    const key = JSON.stringify(site);
    neverIterated.set(key, (neverIterated.get(key) ?? 0) + count);
  }
  const bySite = leftBySite(rows);
  const sites = new Set([...bySite.keys(), ...neverIterated.keys()]);
  return [...sites]
    .map((site): GeneratorReport => {
      const left = bySite.get(site) ?? [];
      const open = left.reduce((sum, { count }) => sum + count, 0);
      const none = Object.fromEntries(SUMS.map((field) => [field, 0])) as Record<
        (typeof SUMS)[number],
        number
      >;
      return {
        ...(JSON.parse(site) as AsyncGenSite),
        ...none,
        open,
        neverIterated: neverIterated.get(site) ?? 0,
        slowestStep: 0,
        left: mergeKinds(left),
      };
    })
    .sort(byProblems);
}

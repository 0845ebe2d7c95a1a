/** The lanes of all threads and processes, as `--json` has them. */
import type { AsyncGenSite } from '../../../runtime/index.js';
import type { Lane, ThreadLanes } from '../watch/lanes.js';
import type { Beginning } from '../watch/left.js';

/** A lane whose place and first step are numbers of lists, and whose steps are one text. */
export interface ReportLane extends Omit<Lane, 'site' | 'begun' | 'steps'> {
  readonly site: number;
  readonly begun?: number;
  /** Numbers with commas between them. */
  readonly steps: string;
}

export interface ReportLanes {
  readonly sites: readonly AsyncGenSite[];
  readonly beginnings: readonly Beginning[];
  readonly threads: readonly (Omit<ThreadLanes, 'lanes'> & {
    readonly lanes: readonly ReportLane[];
  })[];
}

export const NO_LANES: ReportLanes = { sites: [], beginnings: [], threads: [] };

/** Each only once. */
class List<Item> {
  readonly items: Item[] = [];
  readonly #at = new Map<string, number>();

  indexOf(item: Item): number {
    const key = JSON.stringify(item);
    let at = this.#at.get(key);
    if (at === undefined) this.#at.set(key, (at = this.items.push(item) - 1));
    return at;
  }
}

export function packLanes(threads: readonly ThreadLanes[]): ReportLanes {
  const sites = new List<AsyncGenSite>();
  const beginnings = new List<Beginning>();
  const packed = threads.map(({ lanes, ...thread }) => ({
    ...thread,
    lanes: lanes.map(({ site, begun, steps, ...lane }) => ({
      ...lane,
      site: sites.indexOf(site),
      ...(begun && { begun: beginnings.indexOf(begun) }),
      steps: steps.join(),
    })),
  }));
  return { sites: sites.items, beginnings: beginnings.items, threads: packed };
}

/** @param move where a file is from the folder of the merged report. */
export function mergeLanes(
  all: readonly { readonly lanes: ReportLanes; readonly move: (file: string) => string }[],
): ReportLanes {
  const sites = new List<AsyncGenSite>();
  const beginnings = new List<Beginning>();
  const threads = all.flatMap(({ lanes: given, move }) =>
    given.threads.map((thread) => ({
      ...thread,
      lanes: thread.lanes.map((lane) => {
        const site = given.sites[lane.site]!;
        const begun = lane.begun === undefined ? undefined : given.beginnings[lane.begun]!;
        return {
          ...lane,
          site: sites.indexOf({
            ...site,
            ...(site.file !== undefined && { file: move(site.file) }),
          }),
          ...(begun && { begun: beginnings.indexOf({ ...begun, file: move(begun.file) }) }),
        };
      }),
    })),
  );
  return { sites: sites.items, beginnings: beginnings.items, threads };
}

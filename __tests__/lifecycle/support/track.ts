import { afterEach } from '@jest/globals';
import {
  trackAsyncGens,
  type AsyncGenScope,
  type AsyncGenTracker,
  type LiveAsyncGen,
  type TrackOptions,
} from 'asyncgen-hooks/lifecycle';
import { load, type Gen } from '../../helpers/generators.js';

const trackers: AsyncGenTracker[] = [];
const scopes: AsyncGenScope[] = [];

/** A tracker for one test. */
export function track(options: TrackOptions = {}): AsyncGenTracker {
  const tracker = trackAsyncGens(options);
  trackers.push(tracker);
  const { scope } = tracker;
  tracker.scope = (limits) => {
    const made = scope.call(tracker, limits);
    scopes.push(made);
    return made;
  };
  return tracker;
}

afterEach(async () => {
  // A tracker that is disposed of watches on while a scope of its own is open.
  for (const scope of scopes.splice(0)) await scope.close();
  for (const tracker of trackers.splice(0)) tracker[Symbol.dispose]();
});

export const names = (list: readonly LiveAsyncGen[]): string[] => list.map(({ site }) => site.name);

/** A generator function of this name and body; its arguments are `args`. */
export const gen = (name: string, body: string): ((...args: any[]) => Gen) =>
  load(`module.exports = async function* ${name}(...args) { ${body} }`);

/** Counts for ever. */
export const rows = gen('rows', 'for (let i = 0; ; i++) yield i;');
/** Gives 1 and 2. */
export const fine = gen('fine', 'try { yield 1; yield 2; } finally { args[0]?.push("closed"); }');

export const DONE = { value: undefined, done: true };

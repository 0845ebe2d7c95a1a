import { checkNames, optionError, show } from '../messages.js';
import { formatAsyncGenSite, type AsyncGenSite } from '../runtime/index.js';
import type { Entry, LiveAsyncGen } from './entry.js';

export interface ShutdownOptions {
  /**
   * How long each generator may take to close, in milliseconds.
   * @default 5000
   */
  timeout?: number;
  /**
   * How many are closed at the same time. A closing generator may still pull from another one,
   * so by default they are closed one by one, the oldest first.
   * @default 1
   */
  concurrency?: number;
}

/** What a shutdown did. */
export interface ShutdownReport {
  /** Those that ended, as they were before. */
  readonly closed: readonly LiveAsyncGen[];
  /** Those whose `finally` blocks threw, or went on yielding. */
  readonly failed: readonly (LiveAsyncGen & { readonly error: unknown })[];
  /**
   * Those that did not close in time: their `return()` waits behind a step that is still pending,
   * or in a `finally` block; `waiting` tells for how long, in milliseconds.
   */
  readonly blocked: readonly LiveAsyncGen[];
  /** How many times it looked for what is live; generators born meanwhile make another round. */
  readonly rounds: number;
  /** In milliseconds. */
  readonly duration: number;
}

/** A body may go on yielding after `return()`; this often we ask for the next item. */
const MAX_ITEMS = 100;
const BLOCKED = Symbol('blocked');

export const LIMITS = ['timeout', 'concurrency'] as const;

/**
 * Closes one generator. A `yield` in a `finally` block answers `return()` with an item: then
 * `next()` lets the block go on to its end, where another `return()` would leave it at once; so,
 * too, if somebody else has called the first one: the program, or another tracker.
 * Rejects with what the `finally` blocks throw.
 */
export async function close({ handle, isClosing, isRefused }: Entry): Promise<void> {
  const gen = handle.generator();
  let { done } = await (isClosing && !isRefused ? gen.next() : gen.return());
  for (let items = 0; !done; items++) {
    if (items === MAX_ITEMS) throw notClosed(handle.site);
    ({ done } = await gen.next());
  }
}

const notClosed = (site: AsyncGenSite): Error =>
  Object.assign(
    new Error(
      `asyncgen-hooks/lifecycle: ${formatAsyncGenSite(site)}, it gave ${MAX_ITEMS} items after return(). ` +
        'Do not yield in a finally block without an end.',
    ),
    { code: 'ERR_ASYNCGEN_NOT_CLOSED' },
  );

/** Closes all entries, in rounds, until none is left whose turn has not come. */
export async function closeAll(
  entries: ReadonlyMap<unknown, Entry>,
  { timeout, concurrency }: Required<ShutdownOptions>,
  now: () => number,
): Promise<ShutdownReport> {
  const start = now();
  const closed: LiveAsyncGen[] = [];
  const failed: (LiveAsyncGen & { error: unknown })[] = [];
  const blocked: LiveAsyncGen[] = [];
  let rounds = 0;

  const closeOne = async (entry: Entry): Promise<void> => {
    const before = entry.snapshot();
    // Another one's closing may have closed it meanwhile.
    if (!entries.has(entry.handle)) return void closed.push(before);
    try {
      const result = await within(timeout, entry.closingAbandoned ?? close(entry));
      if (result === BLOCKED) blocked.push(entry.snapshot());
      else closed.push(before);
    } catch (error) {
      failed.push({ ...before, error });
    }
  };

  for (;;) {
    const queue = [...entries.values()].filter((entry) => !entry.tried);
    if (queue.length === 0) break;
    rounds++;
    for (const entry of queue) entry.tried = true;
    const work = async (): Promise<void> => {
      for (let entry = queue.shift(); entry !== undefined; entry = queue.shift())
        await closeOne(entry);
    };
    await Promise.all(Array.from({ length: Math.min(Math.ceil(concurrency), queue.length) }, work));
  }
  for (const entry of entries.values()) entry.tried = false;
  return { closed, failed, blocked, rounds, duration: now() - start };
}

async function within(limit: number, work: Promise<void>): Promise<typeof BLOCKED | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<typeof BLOCKED>((resolve) => {
    // A longer one would overflow and fire at once; it is as good as none.
    if (limit <= 0x7fffffff) timer = setTimeout(() => resolve(BLOCKED), limit);
  });
  // What comes after the limit belongs to nobody; it is not to be an unhandled rejection.
  work.catch(() => {});
  try {
    return await Promise.race([work.then(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param subject who was given them, as `optionError` takes it.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for an unknown option, or a limit that is not a
 *   number above 0.
 */
export function checkLimits(
  given: ShutdownOptions,
  subject = 'lifecycle: shutdown(),',
): Required<ShutdownOptions> {
  const { timeout = 5000, concurrency = 1 } = checkNames<ShutdownOptions>(subject, given, LIMITS);
  const limits = { timeout, concurrency };
  for (const name of LIMITS) {
    const value: unknown = limits[name];
    if (typeof value === 'number' && value > 0) continue;
    throw optionError(subject, `${name} is ${show(value)}. Pass a number above 0.`);
  }
  return limits;
}

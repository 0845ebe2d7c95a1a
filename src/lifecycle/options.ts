import { canCollectGarbage } from '../garbage.js';
import { show } from '../messages.js';
import { checkNames, optionError } from '../options.js';
import { now as steadyNow } from '../time.js';
import { hasAsyncContext, isAsyncContextCheap } from '../async-context.js';
import type { LiveAsyncGen } from './entry.js';
import { checkLimits, LIMITS, type ShutdownOptions } from './limits.js';

export interface TrackOptions {
  /**
   * Whether generators that are called are kept in mind before they are iterated, for
   * `live({ created: true })`. Costs a weak reference for each call, which engines keep in memory,
   * with the generator, until the turn of the event loop has ended.
   * @default false
   */
  created?: boolean;
  /**
   * Whether four frames of the first step's stack are kept: where a generator was first iterated.
   * @default false
   */
  stacks?: boolean;
  /**
   * Whether the `finally` blocks of a generator that the tracker closes run in the async context of its
   * first step (`AsyncLocalStorage`): what the body saw there, they see as well. Of what has been
   * suspended for 30 seconds the context is let go.
   * @default whether that is cheap: in Node from 24 on
   */
  context?: boolean;
  /**
   * While something has been suspended for so many milliseconds, the engine is asked for a collection of
   * garbage every so many milliseconds: a process that does little makes none by itself, and does not
   * find what it has dropped. Node only; each such collection blocks the event loop.
   * @default undefined, never
   */
  collectAfter?: number;
  /**
   * Warns of what has been suspended for so many milliseconds, once for each place in the source.
   * @default undefined, never
   */
  warnAfter?: number;
  /**
   * Called for each generator that the program dropped before it finished, instead of the warning
   * (one for each place in the source). The tracker closes the generator either way.
   */
  onAbandoned?: (live: LiveAsyncGen) => void | Promise<void>;
  /**
   * What happens to a generator whose first step comes after a shutdown: a warning (one for each
   * place in the source); an error in that step, which is its end; or nothing.
   * @default 'warn'
   */
  afterShutdown?: 'warn' | 'refuse' | 'allow';
  /**
   * The clock, in milliseconds since the epoch, read ten times a second while something is open, and
   * by `live()`. All trackers of a realm share what they read of it for their steps. The limits of a
   * shutdown do not depend on it.
   * @default the system's clock as of the start, which goes on and never back
   */
  now?: () => number;
}

/** What `live` takes. */
export interface LiveOptions {
  created?: boolean;
  scopes?: boolean;
}

/** What `shutdown` takes. */
export interface TrackerShutdownOptions extends ShutdownOptions {
  /**
   * Whether it closes what the scopes of the tracker own, too.
   * @default false
   */
  scopes?: boolean;
}

type Absent = 'onAbandoned' | 'collectAfter' | 'warnAfter';

export type ResolvedTrackOptions = Required<Omit<TrackOptions, Absent>> & {
  readonly [Name in Absent]: TrackOptions[Name] | undefined;
};

const TAKES = {
  created: 'true or false',
  stacks: 'true or false',
  context: 'true or false',
  collectAfter: 'a number of milliseconds above 0',
  warnAfter: 'a number of milliseconds above 0',
  onAbandoned: 'a function',
  afterShutdown: '"warn", "refuse" or "allow"',
  now: 'a function',
} as const;
const NAMES = Object.keys(TAKES) as (keyof typeof TAKES)[];
const SUBJECT = 'lifecycle:';
const LIVE = 'lifecycle: live():';
const SHUTDOWN = 'lifecycle: shutdown():';

/**
 * Checks the options once and fills in the defaults.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, naming the option, what it got and what it takes.
 */
export function resolveOptions(given: TrackOptions): ResolvedTrackOptions {
  const {
    created = false,
    stacks = false,
    context = isAsyncContextCheap,
    collectAfter,
    warnAfter,
    onAbandoned,
    afterShutdown = 'warn',
    now = steadyNow,
  } = checkNames<TrackOptions>(SUBJECT, given, NAMES);
  const resolved = {
    created,
    stacks,
    context,
    collectAfter,
    warnAfter,
    onAbandoned,
    afterShutdown,
    now,
  };
  const isRight = {
    created: typeof created === 'boolean',
    stacks: typeof stacks === 'boolean',
    context: typeof context === 'boolean',
    collectAfter: isTime(collectAfter),
    warnAfter: isTime(warnAfter),
    onAbandoned: onAbandoned === undefined || typeof onAbandoned === 'function',
    afterShutdown: ['warn', 'refuse', 'allow'].includes(afterShutdown),
    now: typeof now === 'function',
  };
  for (const name of NAMES) {
    if (isRight[name]) continue;
    throw optionError(SUBJECT, `option "${name}" is ${show(resolved[name])}. Pass ${TAKES[name]}.`);
  }
  checkHost('context', context && !hasAsyncContext, 'AsyncResource');
  checkHost('collectAfter', collectAfter !== undefined && !canCollectGarbage(), 'gc()');
  return resolved;
}

const isTime = (value: unknown): boolean =>
  value === undefined || (typeof value === 'number' && value > 0);

function checkHost(name: string, isMissing: boolean, what: string): void {
  if (isMissing)
    throw optionError(
      SUBJECT,
      `option "${name}" needs ${what}, and this host has none. Leave the option out.`,
    );
}

/** @throws TypeError, code `ERR_ASYNCGEN_OPTION`. */
export function resolveLiveOptions(given: LiveOptions): Required<LiveOptions> {
  const { created = false, scopes = false } = checkNames<LiveOptions>(LIVE, given, [
    'created',
    'scopes',
  ]);
  checkFlags(LIVE, { created, scopes });
  return { created, scopes };
}

/** @throws TypeError, code `ERR_ASYNCGEN_OPTION`. */
export function resolveShutdownOptions(given: TrackerShutdownOptions): {
  readonly scopes: boolean;
  readonly limits: Required<ShutdownOptions>;
} {
  const { scopes = false, ...limits } = checkNames<TrackerShutdownOptions>(SHUTDOWN, given, [
    ...LIMITS,
    'scopes',
  ]);
  checkFlags(SHUTDOWN, { scopes });
  return { scopes, limits: checkLimits(limits, SHUTDOWN) };
}

function checkFlags(subject: string, flags: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(flags)) {
    if (typeof value === 'boolean') continue;
    throw optionError(subject, `option "${name}" is ${show(value)}. Pass true or false.`);
  }
}

import { suggest } from '../messages.js';
import type { LiveAsyncGen } from './entry.js';

export interface TrackOptions {
  /**
   * Whether generators that are called are kept in mind before they are iterated, for
   * `live({ created: true })`. Costs a weak reference for each call.
   * @default false
   */
  created?: boolean;
  /**
   * Whether the stack of the first step is kept: where a generator was first iterated.
   * @default false
   */
  stacks?: boolean;
  /**
   * Called for each generator that the program dropped before it finished, instead of the warning
   * (one for each place in the source). The tracker closes the generator either way.
   */
  onAbandoned?: (live: LiveAsyncGen) => void;
  /**
   * What happens to a generator whose first step comes after a shutdown: a warning (one for each
   * place in the source), an error in each of its steps, or nothing.
   * @default 'warn'
   */
  afterShutdown?: 'warn' | 'refuse' | 'allow';
  /**
   * The clock, in milliseconds since the epoch.
   * @default Date.now
   */
  now?: () => number;
}

export type ResolvedTrackOptions = Required<Omit<TrackOptions, 'onAbandoned'>> &
  Pick<TrackOptions, 'onAbandoned'>;

const TAKES = {
  created: 'true or false',
  stacks: 'true or false',
  onAbandoned: 'a function',
  afterShutdown: '"warn", "refuse" or "allow"',
  now: 'a function',
} as const;
const NAMES = Object.keys(TAKES) as (keyof typeof TAKES)[];

/**
 * Checks the options once and fills in the defaults.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, naming the option, what it got and what it takes.
 */
export function resolveOptions(given: TrackOptions): ResolvedTrackOptions {
  if (typeof given !== 'object' || given === null)
    throw invalid(`options, they are ${String(given)}. Pass an object.`);
  for (const name of Object.keys(given)) {
    if (name in TAKES) continue;
    throw invalid(
      `option "${name}", there is none of that name. ${suggest(name, NAMES, 'options')}`,
    );
  }
  const {
    created = false,
    stacks = false,
    onAbandoned,
    afterShutdown = 'warn',
    now = Date.now,
  } = given;
  const resolved = { created, stacks, onAbandoned, afterShutdown, now };
  const isRight = {
    created: typeof created === 'boolean',
    stacks: typeof stacks === 'boolean',
    onAbandoned: onAbandoned === undefined || typeof onAbandoned === 'function',
    afterShutdown: ['warn', 'refuse', 'allow'].includes(afterShutdown),
    now: typeof now === 'function',
  };
  for (const name of NAMES) {
    if (isRight[name]) continue;
    throw invalid(`option "${name}", it is ${String(resolved[name])}. Pass ${TAKES[name]}.`);
  }
  return resolved;
}

const invalid = (text: string): TypeError =>
  Object.assign(new TypeError(`asyncgen-hooks/lifecycle: ${text}`), {
    code: 'ERR_ASYNCGEN_OPTION',
  });

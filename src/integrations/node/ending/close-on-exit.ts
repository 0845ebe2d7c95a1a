import { constants } from 'node:os';
import type {
  AsyncGenTracker,
  LiveAsyncGen,
  ShutdownOptions,
  ShutdownReport,
} from '../../../lifecycle/index.js';
import { checkLimits, LIMITS } from '../../../lifecycle/limits.js';
import { DISPOSE } from '../../../dispose.js';
import { firstIterated, plural, show, warn } from '../../../messages.js';
import { checkNames, optionError, suggest } from '../../../options.js';
import { formatAsyncGenSite } from '../../../runtime/index.js';
import { addCloser } from './closers.js';

export interface ExitOptions extends ShutdownOptions {
  /**
   * The signals that close everything before they end the process.
   * @default ['SIGTERM', 'SIGINT']
   */
  signals?: NodeJS.Signals[];
}

const NAMES = ['signals', ...LIMITS];
const SUBJECT = 'node: closeOnExit():';

/**
 * Shuts `tracker` down when the process is about to end: on a signal, an uncaught error, or when
 * nothing is left to do. The exit code stays what it would have been: after a signal the process ends
 * by that signal (unless the program listens for it, too: then it decides), at once if another one
 * comes; after an uncaught error by that error, which is left alone if the program handles it.
 *
 *     closeOnExit(trackAsyncGens());
 *
 * @returns a `Disposable` that takes the listeners off.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for what is no tracker, or an unknown or wrong option.
 */
export function closeOnExit(tracker: AsyncGenTracker, options: ExitOptions = {}): Disposable {
  const { signals, ...limits } = check(tracker, options);
  const close = async (): Promise<void> =>
    warnOfUnclosed(await tracker.shutdown({ ...limits, scopes: true }));
  const onBeforeExit = (): void => {
    // What did not close before does not keep the process; what came since is closed.
    if (tracker.hasOpen) void close();
  };
  const remove = addCloser({ signals, close, isIdle: () => !tracker.hasOpen });
  process.on('beforeExit', onBeforeExit);
  const dispose = (): void => {
    remove();
    process.removeListener('beforeExit', onBeforeExit);
  };
  return { [DISPOSE]: dispose };
}

function check(tracker: unknown, given: ExitOptions): Required<ExitOptions> {
  const { live, shutdown } = (tracker ?? {}) as Partial<AsyncGenTracker>;
  if (typeof live !== 'function' || typeof shutdown !== 'function')
    throw optionError(
      SUBJECT,
      `the tracker is ${show(tracker)}. Pass what trackAsyncGens() returns.`,
    );
  const options = checkNames<ExitOptions>(SUBJECT, given, NAMES);
  const { signals = ['SIGTERM', 'SIGINT'], ...limits } = options;
  if (!Array.isArray(signals))
    throw optionError(
      SUBJECT,
      `option "signals" is ${show(signals)}. Pass an array of names of signals.`,
    );
  // Nobody can listen for those two.
  const { SIGKILL: _, SIGSTOP: __, ...known } = constants.signals;
  const names = Object.keys(known);
  for (const signal of signals as unknown[]) {
    if (typeof signal === 'string' && names.includes(signal)) continue;
    const isSlip = typeof signal === 'string' && !(signal in constants.signals);
    const near = suggest(isSlip ? signal : '', names, 'signals');
    throw optionError(
      SUBJECT,
      `option "signals": ${show(signal)} is no signal to listen for. ${near}`,
    );
  }
  return { signals: [...signals], ...checkLimits(limits, SUBJECT) };
}

/** Warns of what a shutdown could not close, once for each place in the source. */
export function warnOfUnclosed({ failed, blocked }: ShutdownReport): void {
  for (const [{ site, error, stack }, ...others] of byPlace(failed)) {
    const text = `${formatAsyncGenSite(site)} failed to close at the exit of the process${andOthers(others)}`;
    warn(
      `asyncgen-hooks/node: ${text}. Handle the error in its finally block.${firstIterated(stack)}`,
      'ERR_ASYNCGEN_EXIT',
      error,
    );
  }
  for (const [{ site, state, waiting, stack }, ...others] of byPlace(blocked)) {
    const fact =
      state === 'closing'
        ? `was still closing after ${waiting} ms at the exit of the process`
        : 'was still open when the time for closing was over at the exit of the process';
    warn(
      `asyncgen-hooks/node: ${formatAsyncGenSite(site)} ${fact}${andOthers(others)}. Let what it waits for end, or settle.${firstIterated(stack)}`,
      'ERR_ASYNCGEN_EXIT',
    );
  }
}

type Told<T> = [first: T, ...others: T[]];

function byPlace<T extends LiveAsyncGen>(all: readonly T[]): Told<T>[] {
  const places = new Map<string, Told<T>>();
  for (const each of all) {
    const { name, file, line, column } = each.site;
    // Not `formatAsyncGenSite`: there may be 200,000.
    const key = `${name}\0${file}\0${line}\0${column}`;
    const same = places.get(key);
    if (same === undefined) places.set(key, [each]);
    else same.push(each);
  }
  return [...places.values()];
}

const andOthers = ({ length }: readonly unknown[]): string =>
  length === 0 ? '' : `, and ${plural(length, 'other')} of this place`;

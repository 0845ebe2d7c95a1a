import { show } from '../messages.js';
import { checkNames, optionError } from '../options.js';

/** The limits of a shutdown, of a scope's end, and of `closeOnExit`. */
export interface ShutdownOptions {
  /**
   * How long each generator may take to close, in milliseconds.
   * @default 5000
   */
  timeout?: number;
  /**
   * How long the whole shutdown may take, in milliseconds. When three quarters of it are gone, all
   * that still wait for their turn are closed at the same time.
   * @default 7000, or `timeout` if that is longer
   */
  totalTimeout?: number;
  /**
   * How many are closed at the same time. A closing generator may still pull from another one,
   * so by default they are closed one by one, the oldest first. Those with a pending step are not
   * counted: all are asked at once, since they cannot pull before that step has settled.
   * @default 1
   */
  concurrency?: number;
}

export const LIMITS = ['timeout', 'totalTimeout', 'concurrency'] as const;

/**
 * @param subject who was given them, as `optionError` takes it.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for an unknown option, or a limit that is not a
 *   number above 0.
 */
export function checkLimits(given: ShutdownOptions, subject: string): Required<ShutdownOptions> {
  const own = checkNames<ShutdownOptions>(subject, given, LIMITS);
  const { timeout = 5000, concurrency = 1 } = own;
  const { totalTimeout = typeof timeout === 'number' ? Math.max(7000, timeout) : 7000 } = own;
  const limits = { timeout, totalTimeout, concurrency };
  for (const name of LIMITS) {
    const value: unknown = limits[name];
    if (typeof value === 'number' && value > 0) continue;
    throw optionError(subject, `${name} is ${show(value)}. Pass a number above 0.`);
  }
  return limits;
}

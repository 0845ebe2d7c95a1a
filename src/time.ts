import { builtinModule } from './builtin.js';

/**
 * Timers and clocks as they were when the package was loaded. Tests mock the global ones (Jest,
 * Sinon, `node:test`), and a limit has to hold there, too: a shutdown whose limit is a mocked timer
 * never ends.
 */
interface Host {
  readonly setTimeout: (work: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: never) => void;
  readonly setImmediate?: (work: () => void) => unknown;
  readonly MessageChannel?: typeof MessageChannel;
  readonly performance?: { now(): number };
  readonly process?: { uptime?(): number };
}

const host = globalThis as unknown as Host;
// Fake timers that a configuration of Jest turns on are there before any module is loaded. They
// replace what is global, and leave the module alone.
const timers = builtinModule<Host>('node:timers') ?? host;
const { setTimeout, clearTimeout, setImmediate } = timers;

/** @returns what takes the timer back. */
export const startTimer = (ms: number, work: () => void): (() => void) => start(ms, work).stop;

/** The same for a timer that keeps no process alive. */
export function startIdleTimer(ms: number, work: () => void): () => void {
  const { timer, stop } = start(ms, work);
  (timer as { unref?(): void } | undefined)?.unref?.();
  return stop;
}

function start(ms: number, work: () => void): { timer?: unknown; stop: () => void } {
  // A longer one would overflow and fire at once; it is as good as none.
  if (ms > 0x7fffffff) return { stop: () => {} };
  const timer = setTimeout.call(globalThis, work, ms);
  return { timer, stop: () => clearTimeout.call(globalThis, timer as never) };
}

/** Calls `work` in a later turn of the event loop. @returns what Node's `setImmediate` does. */
export const inTurn: (work: () => void) => unknown =
  typeof setImmediate === 'function' ? (work) => setImmediate.call(globalThis, work) : byMessage();

/** Browsers have no `setImmediate`, and make nested timers wait for 4 ms. */
function byMessage(): (work: () => void) => void {
  const { MessageChannel } = host;
  if (typeof MessageChannel !== 'function') return (work) => void startTimer(0, work);
  return (work) => {
    const { port1, port2 } = new MessageChannel();
    (port1 as unknown as { onmessage: () => void }).onmessage = () => {
      port1.close();
      work();
    };
    port2.postMessage(undefined);
  };
}

/** Lets the event loop turn: signals, timers and streams get their chance. */
export const turn = (): Promise<void> => new Promise((resolve) => void inTurn(resolve));

/** What `Date.now` was. A mocked `Date` does not stop it. */
const { now: dateNow } = Date;

const uptime = host.process?.uptime;

/**
 * Milliseconds since some moment, by a clock that never goes back, for limits. `performance.now` may
 * have been mocked before this file was loaded, and to read it makes Node load `perf_hooks`; few mock
 * `process.uptime`, and none so early.
 */
export const elapsed: () => number =
  typeof uptime === 'function'
    ? () => uptime.call(host.process) * 1000
    : typeof host.performance?.now === 'function'
      ? host.performance.now.bind(host.performance)
      : dateNow;
const origin = dateNow() - elapsed();

/** Milliseconds since the epoch, by a clock that never goes back. */
export const now = (): number => Math.round(origin + elapsed());

import { constants } from 'node:os';
import { inTurn, turn } from '../../../time.js';
import { closeBeforeCrash } from './uncaught.js';

/**
 * What happens when the process ends:
 *
 * | it ends by               | what happens                                                            | where           |
 * |--------------------------|-------------------------------------------------------------------------|-----------------|
 * | a signal                 | all closers close, then the same signal ends it; a second one does at once | here            |
 * | an uncaught error        | they close, then the error is thrown again                              | `uncaught.ts`   |
 * | nothing being left to do | `closeOnExit` closes on `beforeExit`; the command when no listener of the program goes on | `close-on-exit.ts`, `over.ts` |
 * | `process.exit()`         | nothing can be closed                                                   |                 |
 * | any of them, at last     | the command prints its report, and may change the exit code              | `last-word.ts`  |
 *
 * `watch/end.ts` has what the command does at each of them.
 */

/** Has something to do before the process ends by a signal or an uncaught error. */
export interface Closer {
  readonly signals: readonly NodeJS.Signals[];
  close(): Promise<void>;
  /** Whether nothing is open. Asked before an uncaught error: that then ends the process at once. */
  readonly isIdle?: () => boolean;
  /** What it does, at once, right before the process ends; also if a second signal cuts `close` off. */
  readonly last?: () => void;
  /** Whether it stays idle on a signal that the program listens for, too: then the program decides. */
  readonly yields?: boolean;
}

interface Ending {
  readonly closers: Set<Closer>;
  readonly onSignal: (signal: NodeJS.Signals) => void;
  /** A copy of 0.1.0 has none. */
  readonly onError?: (error: Error, origin: NodeJS.UncaughtExceptionOrigin) => void;
}

/**
 * One listener serves all closers of all copies of the package: the process ends when the last
 * one has closed, and another copy's listener would pass for one of the program.
 */
const KEY = Symbol.for('asyncgen-hooks/exit/1');
const ending = openEnding();

function openEnding(): Ending {
  const shared = (globalThis as Record<symbol, Ending | undefined>)[KEY];
  if (shared) return shared;
  const value = {
    closers: new Set<Closer>(),
    onSignal,
    onError: closeBeforeCrash(hasWork, onCrash),
  };
  // Where globalThis is frozen this copy works alone.
  Reflect.defineProperty(globalThis, KEY, { __proto__: null, value } as PropertyDescriptor);
  return value;
}

/** @returns what takes the closer out again. */
export function addCloser(closer: Closer): () => void {
  const { closers, onSignal, onError } = ending;
  if (closers.size === 0 && onError) process.on('uncaughtExceptionMonitor', onError);
  closers.add(closer);
  listen();
  return () => {
    closers.delete(closer);
    if (closers.size === 0 && onError) process.removeListener('uncaughtExceptionMonitor', onError);
    for (const signal of closer.signals) {
      if (![...closers].some((other) => other.signals.includes(signal)))
        process.removeListener(signal, onSignal);
    }
  };
}

function listen(): void {
  const { closers, onSignal } = ending;
  for (const signal of [...closers].flatMap((closer) => closer.signals)) {
    // In front: a listener of the program that is there for one time only is still to be counted.
    if (!process.listeners(signal).includes(onSignal)) process.prependListener(signal, onSignal);
  }
}

function onSignal(signal: NodeJS.Signals): void {
  const all = [...ending.closers];
  const again = new SecondSignal(all);
  const isOurs = process.listenerCount(signal) === 0;
  const asked = all.filter(
    (closer) => closer.signals.includes(signal) && (isOurs || !closer.yields),
  );
  again.listen();
  void Promise.allSettled(asked.map((closer) => closer.close()))
    // Warnings are printed in a later turn.
    .then(turn)
    .then(() => {
      if (isOurs) {
        again.forget();
        sayLast(all);
        end(signal);
      } else if (process.listeners(signal).some((listener) => listener !== again.listener)) {
        // The program listens on, and may well live on: the next signal is as good as a first.
        again.forget();
        listen();
      }
    });
}

function hasWork(): boolean {
  return [...ending.closers].some(({ isIdle }) => !isIdle?.());
}

/** An uncaught error is about to end the process. A signal ends it at once then, as a second one does. */
function onCrash(): Promise<unknown> {
  const all = [...ending.closers];
  new SecondSignal(all).listen();
  return Promise.allSettled(all.map((closer) => closer.close()));
}

function sayLast(closers: readonly Closer[]): void {
  for (const { last } of closers) last?.();
}

/**
 * A second signal, of whichever kind, ends the process at once: it finds no listener of ours, or,
 * where something is to be said before, one that says it.
 */
class SecondSignal {
  readonly #closers: readonly Closer[];
  readonly #signals: readonly NodeJS.Signals[];

  constructor(closers: readonly Closer[]) {
    this.#closers = closers;
    this.#signals = [...new Set(closers.flatMap((closer) => closer.signals))];
    for (const each of this.#signals) process.removeListener(each, ending.onSignal);
  }

  readonly listener = (signal: NodeJS.Signals): void => {
    this.forget();
    if (process.listenerCount(signal) > 0) return;
    sayLast(this.#closers);
    end(signal);
  };

  listen(): void {
    if (this.#closers.every(({ last }) => last === undefined)) return;
    for (const each of this.#signals) process.prependListener(each, this.listener);
    countForSignalExit(1);
  }

  forget(): void {
    const [first] = this.#signals;
    if (first === undefined || !process.listeners(first).includes(this.listener)) return;
    for (const each of this.#signals) process.removeListener(each, this.listener);
    countForSignalExit(-1);
  }
}

/**
 * signal-exit, which many programs load, ends the process by the same signal where nobody but itself
 * listens: it compares the number of listeners with a count, of all its copies, that is public.
 * Source: https://github.com/tapjs/signal-exit, versions 3 and 4.
 */
function countForSignalExit(difference: number): void {
  const four = (globalThis as Record<symbol, unknown>)[Symbol.for('signal-exit emitter')];
  const three = (process as { __signal_exit_emitter__?: unknown }).__signal_exit_emitter__;
  const emitter = (four ?? three) as { count: number } | undefined;
  if (emitter !== undefined) emitter.count += difference;
}

function end(signal: NodeJS.Signals): void {
  process.kill(process.pid, signal);
  // As process 1 of a container, no signal of its own ends it.
  inTurn(() => process.exit(128 + constants.signals[signal]));
}

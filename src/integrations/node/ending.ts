import { constants } from 'node:os';

/** Has something to do before the process ends by a signal. */
export interface Closer {
  readonly signals: readonly NodeJS.Signals[];
  close(): Promise<void>;
  /** What it does, at once, right before the process ends; also if a second signal cuts `close` off. */
  readonly last?: () => void;
  /** Whether it stays idle on a signal that the program listens for, too: then the program decides. */
  readonly yields?: boolean;
}

interface Ending {
  readonly closers: Set<Closer>;
  readonly onSignal: (signal: NodeJS.Signals) => void;
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
  const value = { closers: new Set<Closer>(), onSignal };
  // Where globalThis is frozen this copy works alone.
  Reflect.defineProperty(globalThis, KEY, { __proto__: null, value } as PropertyDescriptor);
  return value;
}

/** @returns what takes the closer out again. */
export function addCloser(closer: Closer): () => void {
  const { closers, onSignal } = ending;
  closers.add(closer);
  listen();
  return () => {
    closers.delete(closer);
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
  const signals = [...new Set(all.flatMap((closer) => closer.signals))];
  // A second signal, of whichever kind, finds no listener of ours and ends the process.
  for (const each of signals) process.removeListener(each, ending.onSignal);
  const isOurs = process.listenerCount(signal) === 0;
  const asked = all.filter(
    (closer) => closer.signals.includes(signal) && (isOurs || !closer.yields),
  );
  const sayLast = (): void => {
    for (const { last } of all) last?.();
  };
  const forget = (): void => {
    if (!process.listeners(signals[0]!).includes(onAgain)) return;
    for (const each of signals) process.removeListener(each, onAgain);
    countForSignalExit(-1);
  };
  const onAgain = (again: NodeJS.Signals): void => {
    forget();
    if (process.listenerCount(again) > 0) return;
    sayLast();
    end(again);
  };
  if (all.some(({ last }) => last !== undefined)) {
    for (const each of signals) process.prependListener(each, onAgain);
    countForSignalExit(1);
  }
  void Promise.allSettled(asked.map((closer) => closer.close()))
    // Warnings are printed in a later turn.
    .then(() => new Promise(setImmediate))
    .then(() => {
      if (isOurs) {
        forget();
        sayLast();
        end(signal);
      } else if (process.listeners(signal).some((listener) => listener !== onAgain)) {
        // The program listens on, and may well live on: the next signal is as good as a first.
        forget();
        listen();
      }
    });
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
  setImmediate(() => process.exit(128 + constants.signals[signal]));
}

import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { codeFrameColumns } from '@babel/code-frame';
import type {
  AsyncGenTracker,
  LiveAsyncGen,
  ShutdownOptions,
  ShutdownReport,
} from '../lifecycle/index.js';
import { formatAsyncGenSite } from '../runtime/index.js';
import { warn } from '../messages.js';

export interface ExitOptions extends ShutdownOptions {
  /**
   * The signals that close everything before they end the process.
   * @default ['SIGTERM', 'SIGINT']
   */
  signals?: NodeJS.Signals[];
}

interface Closer {
  readonly signals: readonly NodeJS.Signals[];
  close(): Promise<void>;
}

/** One listener serves all of them: the process ends when the last one has closed. */
const closers = new Set<Closer>();

/**
 * Shuts `tracker` down when the process is about to end: on a signal, or when nothing is left to
 * do. The exit code stays what it would have been: after a signal the process ends by that signal
 * (unless the program listens for it, too: then it decides), at once if it comes again.
 *
 *     closeOnExit(trackAsyncGens());
 *
 * @returns a `Disposable` that takes the listeners off.
 */
export function closeOnExit(tracker: AsyncGenTracker, options: ExitOptions = {}): Disposable {
  const { signals = ['SIGTERM', 'SIGINT'], ...limits } = options;
  const close = async (): Promise<void> => tell(await tracker.shutdown(limits));

  let left = 0;
  const onBeforeExit = (): void => {
    // What did not close before does not keep the process; what came since is closed.
    if (tracker.live().length === left) return;
    void close().finally(() => (left = tracker.live().length));
  };
  const closer: Closer = { signals, close };
  const dispose = (): void => {
    closers.delete(closer);
    process.removeListener('beforeExit', onBeforeExit);
    for (const signal of signals) {
      if (![...closers].some((other) => other.signals.includes(signal)))
        process.removeListener(signal, onSignal);
    }
  };
  closers.add(closer);
  process.on('beforeExit', onBeforeExit);
  for (const signal of signals) {
    // In front: a listener of the program that is there for one time only is still to be counted.
    if (!process.listeners(signal).includes(onSignal)) process.prependListener(signal, onSignal);
  }
  return { [Symbol.dispose ?? Symbol.for('Symbol.dispose')]: dispose } as Disposable;
}

function onSignal(signal: NodeJS.Signals): void {
  // A second signal finds no listener of ours and ends the process.
  process.removeListener(signal, onSignal);
  const isOurs = process.listenerCount(signal) === 0;
  const asked = [...closers].filter(({ signals }) => signals.includes(signal));
  void Promise.allSettled(asked.map((closer) => closer.close()))
    // Warnings are printed in a later turn.
    .then(() => new Promise(setImmediate))
    .then(() => {
      if (!isOurs) return;
      process.kill(process.pid, signal);
      // As process 1 of a container, no signal of its own ends it.
      setImmediate(() => process.exit(128 + constants.signals[signal]));
    });
}

function tell({ failed, blocked }: ShutdownReport): void {
  for (const { site, error } of failed) {
    const text = `${formatAsyncGenSite(site)}, it failed to close at the exit of the process`;
    warn(
      `asyncgen-hooks/node: ${text}. Handle the error in its finally block.`,
      'ERR_ASYNCGEN_EXIT',
      error,
    );
  }
  for (const { site, state, waiting } of blocked) {
    const text = `${formatAsyncGenSite(site)}, it was still ${state} after ${waiting} ms at the exit of the process`;
    warn(
      `asyncgen-hooks/node: ${text}. Let what it waits for end, or settle.`,
      'ERR_ASYNCGEN_EXIT',
    );
  }
}

/** How `formatLiveAsyncGens` shows a list. */
export interface FormatOptions {
  /**
   * The folder that the files of the sites are relative to: Babel's `cwd`.
   * @default process.cwd()
   */
  cwd?: string;
  /**
   * Whether the source around each site is shown where the file can be read.
   * @default true
   */
  codeFrames?: boolean;
}

/**
 * A report for people of `tracker.live()`, of what `shutdown` left, or of one abandoned generator.
 * For machines there is `JSON.stringify` of the same list.
 */
export function formatLiveAsyncGens(
  list: readonly LiveAsyncGen[],
  { cwd = process.cwd(), codeFrames = true }: FormatOptions = {},
): string {
  if (list.length === 0) return 'No async generator is live.\n';
  const entries = list.map((live) => {
    const { site, state, items, waiting, begunAt, stack } = live;
    const begun = new Date(begunAt).toISOString();
    const verb = state === 'created' ? 'called' : 'begun';
    const wait = waiting > 0 ? `, waiting for ${waiting} ms` : '';
    const lines = [
      `${formatAsyncGenSite(site)}`,
      `  ${state}${wait}, ${items} items, ${verb} ${begun}`,
    ];
    if (codeFrames)
      lines.push(...frame(site.file && resolve(cwd, site.file), site.line, site.column));
    if (stack !== undefined) lines.push('  first iterated:', stack);
    return lines.join('\n');
  });
  return `${list.length} live async generator${list.length === 1 ? '' : 's'}:\n\n${entries.join('\n\n')}\n`;
}

function frame(file: string | undefined, line: number | undefined, column = 0): string[] {
  if (file === undefined || line === undefined) return [];
  try {
    const source = readFileSync(file, 'utf8');
    return [
      codeFrameColumns(
        source,
        { start: { line, column: column + 1 } },
        { linesAbove: 1, linesBelow: 2 },
      ),
    ];
  } catch {
    return [];
  }
}

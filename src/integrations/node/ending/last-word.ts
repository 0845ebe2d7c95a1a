type Emit = (...args: unknown[]) => boolean;
type Exit = (code?: unknown) => void;

/**
 * Has the last word when this thread ends by itself or by the program, in whatever way: a listener
 * for `exit` would be removed by `removeAllListeners()`, and those of Mocha and tape come later, set
 * `process.exitCode` or call `process.exit()`. So it stands behind all listeners, and, where Node
 * has no more to ask, in front of `process.reallyExit`.
 *
 * @param finish called once.
 * @param decide the exit code in the place of the program's.
 */
export function whenEnding(finish: () => void, decide: (code: unknown) => unknown): void {
  const host = process as unknown as { emit: Emit; reallyExit: Exit; _exiting?: boolean };
  const { emit, reallyExit } = host;
  let isHeard = false;
  const end = (): void => {
    finish();
    const code = decide(process.exitCode);
    if (code === process.exitCode) return;
    process.exitCode = code as number;
    // The program has put something else in the place of the property.
    if (process.exitCode !== code) reallyExit.call(process, code);
  };
  host.emit = function (this: unknown, ...args) {
    // Programs emit it themselves, too, and live on.
    if (args[0] !== 'exit' || host._exiting === false) return emit.apply(this, args);
    isHeard = true;
    try {
      return emit.apply(this, args);
    } finally {
      end();
    }
  };
  // Should the program have put an `emit` of its own there.
  process.on('exit', () => {
    if (!isHeard) end();
  });
  host.reallyExit = function (code) {
    finish();
    reallyExit.call(process, decide(code));
  };
}

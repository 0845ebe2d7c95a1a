import { EventEmitter } from 'node:events';
import { readFileSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { inTurn, turn } from '../../../time.js';

type Origin = NodeJS.UncaughtExceptionOrigin;

/**
 * Returns a listener for `uncaughtExceptionMonitor` that calls `close` when an error is about to end
 * the process, and lets it do so afterwards.
 *
 * Node emits that event right before `uncaughtException`, so it is early enough to begin to listen.
 * A listener that were there all the time would change programs: many libraries, Sentry among them,
 * leave an error alone if somebody else listens.
 *
 * @param hasWork whether there is anything to close. If not, the error ends the process at once.
 */
export function closeBeforeCrash(
  hasWork: () => boolean,
  close: () => Promise<unknown>,
): (error: Error, origin: Origin) => void {
  let isHeld = false;
  // Natively nothing runs after the first error, so a second one is not heard of.
  const hold = (): void => {};
  return (error, origin) => {
    if (isHeld || process.listenerCount('uncaughtException') > 0) return;
    // Of the program, or of a domain.
    if (process.hasUncaughtExceptionCaptureCallback() || !hasWork()) return;
    isHeld = true;
    process.on('uncaughtException', hold);
    // With `--unhandled-rejections=strict` Node would warn of it, too.
    process.on('unhandledRejection', hold);
    const crash = (): void => {
      // Who listens now has heard of the error, or began to listen when it was too late.
      process.removeAllListeners('uncaughtException');
      process.removeAllListeners('uncaughtExceptionMonitor');
      process.removeAllListeners('unhandledRejection');
      // Should it be caught after all, the process ends nevertheless.
      inTurn(() => void inTurn(() => process.exit(1)));
      throwAgain(error, origin);
    };
    void Promise.resolve()
      .then(close)
      .then(turn, turn)
      .then(() => void inTurn(crash));
  };
}

/**
 * Throws `error` so that Node prints what it would have printed the first time. It shows the line
 * that threw, which V8 tells to nobody else. So the error has to come from the same place again.
 *
 * | the error                      | comes from                                                   |
 * |--------------------------------|--------------------------------------------------------------|
 * | of a rejection                 | a rejection: Node shows where it was made                    |
 * | of an `error` event            | such an event: Node shows its own line                       |
 * | made in a `throw` statement    | here, below the line that we print                           |
 * | any other that is an `Error`   | `queueMicrotask`: Node shows where it was made               |
 * | a value that is none           | here: nobody knows the line                                  |
 */
function throwAgain(error: unknown, origin: Origin): void {
  if (!types.isNativeError(error)) throw quietly(error, 'node-do-not-add-exception-line');
  if (origin === 'unhandledRejection') return void Promise.reject(error);
  const enhance = Object.getOwnPropertySymbols(error).find(
    ({ description }) => description === 'kEnhanceStackBeforeInspector',
  );
  if (enhance !== undefined) {
    // It holds which emitter it was; Node would put the new one there.
    Object.defineProperty(error, enhance, { configurable: false, writable: false });
    new EventEmitter().emit('error', error);
  }
  const line = throwingLine(error);
  if (line === undefined) {
    queueMicrotask(() => {
      throw error;
    });
    return;
  }
  writeSync(2, line);
  throw quietly(error, 'node-do-not-add-exception-line');
}

/** Node prints no source line if it finds that text in it. */
const quietly = (error: unknown, _mark: string): unknown => error;

/** What Node prints above an error that a `throw` statement made, if it is one. */
function throwingLine(error: Error): string | undefined {
  // With source maps Node has kept the line since it made the stack.
  if (!isMainThread || (process as { sourceMapsEnabled?: boolean }).sourceMapsEnabled)
    return undefined;
  try {
    const frame = /^ {4}at .*$/m.exec(String(error.stack))?.[0] ?? '';
    const [, file, line, column] =
      /(?:\(|at )((?:\/|file:|[A-Za-z]:\\).*):(\d+):(\d+)\)?$/.exec(frame) ?? [];
    if (file === undefined) return undefined;
    const path = file.startsWith('file:') ? fileURLToPath(file) : file;
    const text = readFileSync(path, 'utf8').split(/\r\n|[\n\r\u2028\u2029]/)[Number(line) - 1]!;
    const before = text.slice(0, Number(column) - 1);
    const at = /\bthrow\s(?:(?!\bthrow\b)[^;{}])*$/.exec(before)?.index;
    if (at === undefined) return undefined;
    const indent = before.slice(0, at).replace(/[^\t]/g, ' ');
    return `${file}:${line}\n${text}\n${indent}^\n\n`;
  } catch {
    // The file is gone, or the stack is none.
    return undefined;
  }
}

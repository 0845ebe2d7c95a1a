import { writeSync } from 'node:fs';

/**
 * What the thread of the loaders prints goes through the event loop of the main thread, and is lost
 * where the program ends before. So our own warnings are written at once.
 */
export function writeWarningsAtOnce(): void {
  const emitWarning = process.emitWarning as (...args: unknown[]) => void;
  const isQuiet =
    process.execArgv.includes('--no-warnings') || process.env['NODE_NO_WARNINGS'] === '1';
  process.emitWarning = ((...args: unknown[]) => {
    const { name, code, message } = (args[0] ?? {}) as Error & { code?: string };
    if (name !== 'AsyncGenHooksWarning') return emitWarning.apply(process, args);
    if (!isQuiet) writeSync(2, `(node:${process.pid}) [${code}] ${name}: ${message}\n`);
  }) as typeof process.emitWarning;
}

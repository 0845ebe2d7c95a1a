import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { invalid } from './arguments.js';

/** Programs that are no scripts for this Node: they run as children, and those that they start are watched. */
const LAUNCHERS = ['node', 'npm', 'npx', 'pnpm', 'pnpx', 'yarn'];

/** SIGUSR1 is Node's: it opens the inspector of the process that gets it. */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const;

export const isLauncher = (program: string): boolean => LAUNCHERS.includes(program);

/** Runs a launcher in the place of this process: with its streams, the signals and the exit code. */
export function runChild(launcher: string, args: readonly string[]): void {
  const isNode = launcher === 'node';
  const child = spawn(isNode ? process.execPath : launcher, args, {
    stdio: 'inherit',
    // There they are batch files.
    shell: process.platform === 'win32' && !isNode,
  });
  const forward = (signal: NodeJS.Signals): void => {
    // A terminal sends it to all processes, and a second one would cut the child's end off.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  child.on('error', () => {
    const { message } = invalid(`Cannot start ${launcher}. Install it.`);
    console.error(message);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    // As a shell tells of it.
    process.exitCode = code ?? 128 + constants.signals[signal!];
    for (const each of FORWARDED) process.removeListener(each, forward);
  });
}

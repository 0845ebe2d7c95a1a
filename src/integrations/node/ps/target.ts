/** What a process is, before anything is done to it. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { printable } from '../../../messages.js';

export interface Target {
  readonly pid: number;
  /** For people. */
  readonly command: string;
  /** Where its inspector listens, or will; 0: on a free port. */
  readonly debugPort: number;
  /** Whether it was told to open it at its start, on whichever port. */
  readonly isInspected: boolean;
  /** Whose it is, if it is another user's and we may touch it all the same. */
  readonly user: number | undefined;
}

const DEBUG_PORT = 9229;
const NODE = /^node(?:js)?(?:[-.]?\d[\d.]*)?(?:\.exe)?$/;
const hasProc = process.platform === 'linux';

/**
 * @throws Error, code `ERR_ASYNCGEN_PROCESS`, for a process that is no Node, or that the signal would end or not reach.
 */
export function findTarget(pid: number): Target {
  if (pid === process.pid) throw processError(pid, 'is this command. Pass another one.');
  checkThere(pid);
  const { exe, args, options } = hasProc ? fromProc(pid) : fromPs(pid);
  const command = [basename(exe), ...args.slice(1)].join(' ');
  if (!NODE.test(basename(exe)))
    throw processError(
      pid,
      `runs ${printable(exe)}, which is no Node, and the signal would end it. Pass the id of a Node process.`,
    );
  const program = args.findIndex((arg, i) => i > 0 && !arg.startsWith('-'));
  const flags = [...options.split(/\s+/), ...args.slice(1, program < 0 ? undefined : program)];
  if (flags.includes('--disable-sigusr1'))
    throw processError(
      pid,
      'was started with --disable-sigusr1. Start it without, or under asyncgen-hooks with --signal SIGUSR2.',
    );
  if (hasProc) {
    checkSignal(pid);
    checkNetwork(pid);
  }
  return {
    pid,
    command,
    debugPort: debugPortOf(flags),
    isInspected: flags.some((flag) => /^--inspect(?!-port)/.test(flag)),
    user: hasProc ? foreignUser(pid) : undefined,
  };
}

export const processError = (pid: number, fact: string): Error =>
  Object.assign(new Error(`asyncgen-hooks: process ${pid} ${fact}`), {
    code: 'ERR_ASYNCGEN_PROCESS',
  });

function checkThere(pid: number): void {
  try {
    process.kill(pid, 0);
  } catch (error) {
    const isOther = (error as NodeJS.ErrnoException).code === 'EPERM';
    throw processError(
      pid,
      isOther
        ? 'belongs to another user. Run this as that user.'
        : 'does not exist. Check its id, and that it runs in this container.',
    );
  }
}

interface Started {
  readonly exe: string;
  readonly args: readonly string[];
  /** Its NODE_OPTIONS. */
  readonly options: string;
}

function fromProc(pid: number): Started {
  const read = (name: string): string[] =>
    readFileSync(`/proc/${pid}/${name}`, 'utf8').split('\0').slice(0, -1);
  try {
    const exe = readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
    const options = read('environ').find((each) => each.startsWith('NODE_OPTIONS=')) ?? '';
    return { exe, args: read('cmdline'), options: options.slice('NODE_OPTIONS='.length) };
  } catch (error) {
    const isOther = (error as NodeJS.ErrnoException).code === 'EACCES';
    throw processError(
      pid,
      isOther
        ? 'hides what it runs from us. Run this as its user.'
        : 'has ended, or is no program. Check its id.',
    );
  }
}

/** Where there is no /proc. Windows needs no such look: there Node refuses what is no Node. */
function fromPs(pid: number): Started {
  if (process.platform === 'win32') return { exe: 'node', args: ['node'], options: '' };
  const ask = (column: string): string =>
    execFileSync('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).trim();
  const [exe, command] = [ask('comm'), ask('command')];
  return { exe, args: command.split(' '), options: '' };
}

/** The signal ends a process that does not catch it; an ignored one does nothing. */
function checkSignal(pid: number): void {
  const bit = 1n << BigInt(constants.signals.SIGUSR1 - 1);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  // It would open its inspector when it goes on, and nobody would close that.
  if (/^State:\s*T/im.test(status))
    throw processError(
      pid,
      `is stopped, by a debugger, Ctrl-Z or SIGSTOP. Have it go on (kill -CONT ${pid}), and try again.`,
    );
  const [, caught = '0'] = /^SigCgt:\s*(\w+)$/m.exec(status) ?? [];
  if ((BigInt(`0x${caught}`) & bit) !== 0n) return;
  throw processError(
    pid,
    'does not catch SIGUSR1, which would end it: it is just starting, or Node was told not to. Try again, or start it under asyncgen-hooks with --signal SIGUSR2.',
  );
}

function checkNetwork(pid: number): void {
  const space = (id: string): string => readlinkSync(`/proc/${id}/ns/net`);
  if (space('self') !== space(String(pid)))
    throw processError(pid, 'has a network of its own, as containers have. Run this inside of it.');
}

function foreignUser(pid: number): number | undefined {
  const { uid } = statSync(`/proc/${pid}`);
  return uid === process.getuid!() ? undefined : uid;
}

function debugPortOf(flags: readonly string[]): number {
  const given = /--(?:inspect(?:-brk|-wait|-port)?|debug-port)[= ](?:\S*:)?(\d+)/.exec(
    flags.join(' '),
  );
  return Number(given?.[1] ?? DEBUG_PORT);
}

/** The ports of this machine that a process listens on by TCP; `undefined` where the system does not say. */
export function portsOf(pid: number): number[] | undefined {
  if (!hasProc) return undefined;
  const sockets = new Set<string>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    try {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? [];
      if (inode !== undefined) sockets.add(inode);
    } catch {
      // It was closed.
    }
  }
  const rows = ['tcp', 'tcp6'].flatMap((name) => readTable(`/proc/${pid}/net/${name}`));
  return rows
    .filter(({ inode, isListening }) => isListening && sockets.has(inode))
    .map(({ port }) => port);
}

/** Source: `man 5 proc_pid_net`. `0A` is TCP_LISTEN. */
function readTable(file: string): { port: number; inode: string; isListening: boolean }[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Without IPv6 there is no such file.
    return [];
  }
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      return { port: parseInt(local.split(':')[1]!, 16), inode, isListening: state === '0A' };
    });
}

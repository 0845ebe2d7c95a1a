import { once } from 'node:events';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { quote } from '../../../messages.js';
import { WATCH_KEY, type WatchRecord } from '../watch/left.js';
import { findGenerators, type Found } from './generators.js';
import { openWorkers, Session } from './session.js';
import { portsOf, processError, type Target } from './target.js';

/** How long a process may take to open its inspector, in milliseconds: the machine may be busy. */
const LIMIT = 10_000;
const PAUSE = 50;

export interface Seen extends Found {
  /** Whether it runs under asyncgen-hooks, which then has told all that it knows. */
  readonly isWatched: boolean;
  readonly node: string;
  /** Of a watched one: the folder that files are relative to. */
  readonly cwd: string;
  /** The threads that were looked into. */
  readonly threads: number;
}

/**
 * Looks into a process by its inspector, which is closed again if it was not open before.
 *
 * @param stop ends the look early; the inspector is closed all the same.
 * @returns `undefined` if it was ended.
 * @throws Error, code `ERR_ASYNCGEN_PROCESS`, if that cannot be had.
 */
export async function look(target: Target, stop: AbortSignal): Promise<Seen | undefined> {
  const { pid, debugPort, isInspected } = target;
  const before = portsOf(pid);
  // A server of the program's is not to hear of us.
  const likely = before?.filter((port) => isInspected || port === debugPort) ?? [];
  const open = await findInspector(pid, likely);
  const inspector = open ?? (await openInspector(target, before));
  try {
    if (stop.aborted) return undefined;
    const stopped = once(stop, 'abort').then(() => undefined);
    return await Promise.race([ask(inspector.session), stopped]);
  } catch (cause) {
    throw Object.assign(
      processError(pid, `did not answer by its inspector (${quote(cause)}). Try again.`),
      {
        cause,
      },
    );
  } finally {
    if (!inspector.wasOpen) await closeInspector(inspector, pid);
    inspector.close();
  }
}

interface Inspector {
  readonly port: number;
  readonly session: Session;
  readonly close: () => void;
  readonly wasOpen: boolean;
}

async function openInspector(
  { pid, debugPort }: Target,
  before: readonly number[] | undefined,
): Promise<Inspector> {
  if (debugPort > 0 && !before?.includes(debugPort) && (await isTaken(debugPort)))
    throw processError(
      pid,
      `would open its inspector on port ${debugPort}, which another process has. End that, or wait for it.`,
    );
  try {
    // On Windows the same by other means.
    (process as unknown as { _debugProcess(pid: number): void })._debugProcess(pid);
  } catch (error) {
    throw processError(
      pid,
      `cannot be asked (${quote(error)}). Check that it is a Node process of yours.`,
    );
  }
  const until = performance.now() + LIMIT;
  do {
    await sleep(PAUSE);
    const ports = portsOf(pid)?.filter((port) => !before?.includes(port)) ?? [debugPort];
    const found = await findInspector(pid, ports);
    if (found !== undefined) return { ...found, wasOpen: false };
  } while (performance.now() < until);
  // An inspector that was open on a port of the program's choice.
  const found = await findInspector(pid, before ?? []);
  if (found !== undefined) return found;
  throw processError(
    pid,
    'got SIGUSR1 and opened no inspector. It may listen for that signal itself. Start it under asyncgen-hooks with --signal SIGUSR2.',
  );
}

/** The first of these ports at which the inspector of that process answers. */
async function findInspector(
  pid: number,
  ports: readonly number[],
): Promise<Inspector | undefined> {
  for (const port of ports) {
    for (const url of await urlsOf(port)) {
      const opened = await Session.open(url).catch(() => undefined);
      if (opened === undefined) continue;
      // A port says nothing of who listens there.
      const found = await evaluate<number>(opened.session, `require('process').pid`).catch(() => 0);
      if (found === pid) return { port, wasOpen: true, ...opened };
      opened.close();
    }
  }
  return undefined;
}

async function urlsOf(port: number): Promise<string[]> {
  const text = await fetchText(port, '/json/list');
  try {
    const list = JSON.parse(text) as { type?: unknown; webSocketDebuggerUrl?: unknown }[];
    return list
      .filter(({ type }) => type === 'node')
      .map(({ webSocketDebuggerUrl }) => String(webSocketDebuggerUrl))
      .filter((url) => url.startsWith(`ws://127.0.0.1:${port}/`));
  } catch {
    return [];
  }
}

const fetchText = (port: number, path: string): Promise<string> =>
  new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, timeout: 2000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('close', () => resolve(text));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(''));
  });

const isTaken = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, timeout: 2000 }, () => answer(true));
    const answer = (isThere: boolean): void => {
      resolve(isThere);
      request.destroy();
    };
    request.on('timeout', () => answer(true));
    request.on('error', ({ code }: NodeJS.ErrnoException) => answer(code !== 'ECONNREFUSED'));
  });

/** Seen from the console, `require` is there in ES modules, too. */
async function evaluate<Value>(session: Session, expression: string): Promise<Value> {
  const { result, exceptionDetails } = await session.call<{
    result: { value: Value };
    exceptionDetails?: { text: string };
  }>('Runtime.evaluate', { expression, includeCommandLineAPI: true, returnByValue: true });
  if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
  return result.value;
}

async function ask(session: Session): Promise<Seen> {
  const node = await evaluate<string>(session, `require('process').version`);
  const watched = await evaluate<string | undefined>(
    session,
    `globalThis[Symbol.for(${JSON.stringify(WATCH_KEY)})]?.describe()`,
  );
  const threads = [session, ...(await openWorkers(session))];
  if (watched !== undefined) {
    const records = [JSON.parse(watched) as WatchRecord];
    for (const worker of threads.slice(1)) {
      const told = await evaluate<string | undefined>(
        worker,
        `globalThis[Symbol.for(${JSON.stringify(WATCH_KEY)})]?.describe()`,
      );
      if (told !== undefined) records.push(JSON.parse(told) as WatchRecord);
    }
    const [{ cwd }] = records as [WatchRecord];
    const rows = records.flatMap(({ rows }) => rows);
    return { isWatched: true, node, cwd, threads: records.length, rows, created: [], more: 0 };
  }
  const cwd = process.cwd();
  const found: Found[] = [];
  for (const each of threads) found.push(await findGenerators(each, cwd));
  return {
    isWatched: false,
    node,
    cwd,
    threads: threads.length,
    rows: found.flatMap(({ rows }) => rows),
    created: found.flatMap(({ created }) => created),
    more: found.reduce((sum, { more }) => sum + more, 0),
  };
}

/** It ends our own connection, too, and so gives no answer. */
async function closeInspector({ session, port }: Inspector, pid: number): Promise<void> {
  await session
    .call('Runtime.evaluate', {
      expression: `require('inspector').close()`,
      includeCommandLineAPI: true,
    })
    .catch(() => {});
  const until = performance.now() + LIMIT;
  while (await isTaken(port)) {
    if (performance.now() > until)
      throw processError(
        pid,
        `still has its inspector open on port ${port}. End the process, or attach a debugger and close it.`,
      );
    await sleep(PAUSE);
  }
}

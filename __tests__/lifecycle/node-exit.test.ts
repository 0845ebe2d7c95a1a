import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';
import { closeOnExit } from 'asyncgen-hooks/node';
import { Project } from '../environments/support/project.js';
import { compile } from '../helpers/babel.js';

const source = readFileSync(join(__dirname, 'programs/node-exit.mjs'), 'utf8');
const project = new Project({
  'node-exit.mjs': compile(source, {
    filename: '/project/node-exit.mjs',
    plugins: ['asyncgen-hooks/babel'],
  }),
});

afterAll(() => project[Symbol.dispose]());

interface End {
  readonly printed: string[];
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs a scenario of `programs/node-exit.mjs`.
 * @param signals what to send when the program prints a line; with none, it comes to its own end.
 */
function run(scenario: string, signals: Record<string, NodeJS.Signals> = {}): Promise<End> {
  const mode = Object.keys(signals).length > 0 ? 'wait' : 'end';
  const child = spawn(process.execPath, ['node-exit.mjs', scenario, mode], {
    cwd: project.root,
    env: { ...process.env, NODE_OPTIONS: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
    // For a failure only: it ends by a signal that no test expects.
    timeout: 240_000,
    killSignal: 'SIGKILL',
  });
  const printed: string[] = [];
  let stderr = '';
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      printed.push(line);
      if (signals[line] !== undefined) child.kill(signals[line]);
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ printed, stderr, code, signal }));
  });
}

const closing = (name: string): string[] => [`${name} begins to close`, `${name} is closed`];
const warnings = ({ stderr }: End): string[] => stderr.match(/asyncgen-hooks\/node: .*/g) ?? [];

const SITE = String.raw`asyncgen-hooks/node: items \(node-exit\.mjs:\d+:1\)`;
const failed = expect.stringMatching(`^${SITE} failed to close at the exit of the process\\.`);
const blocked = expect.stringMatching(
  `^${SITE} was still closing after \\d+ ms at the exit of the process\\.`,
);
const bothBlocked = expect.stringMatching(
  `^${SITE} was still closing after \\d+ ms at the exit of the process, and 1 other of this place\\.`,
);

describe('the natural end', () => {
  test('closes what is live, oldest first, and the exit code is 0', async () => {
    expect(await run('closes')).toEqual({
      printed: [...closing('first'), ...closing('second')],
      stderr: '',
      code: 0,
      signal: null,
    });
  });

  test('keeps the exit code that the program set', async () => {
    expect(await run('exitCode')).toMatchObject({ printed: closing('only'), code: 3 });
  });

  test('closes what another listener of beforeExit began', async () => {
    expect(await run('otherBeforeExit')).toMatchObject({ printed: closing('late'), code: 0 });
  });

  test('closes nothing after dispose', async () => {
    expect(await run('disposed')).toMatchObject({
      printed: ['listeners: 1 1 1', 'listeners: 0 0 0'],
      code: 0,
    });
  });

  test('tells of a finally block that failed', async () => {
    const end = await run('fails');
    expect(end).toMatchObject({
      printed: ['failing begins to close', ...closing('other')],
      code: 0,
    });
    expect(warnings(end)).toEqual([failed]);
    expect(end.stderr).toContain('Error: the disk is full\n    at ');
  });

  test('tells of those that do not close in time', async () => {
    const end = await run('blocks');
    expect(end).toMatchObject({ printed: ['hanging begins to close'], code: 0 });
    expect(warnings(end)).toEqual([bothBlocked]);
  });

  test('closes one that begins when another one ends that did not close in time', async () => {
    const end = await run('replaced');
    expect(end).toMatchObject({
      printed: ['slow begins to close', 'slow is closed', ...closing('new')],
      code: 0,
    });
    expect(warnings(end)).toEqual([blocked]);
  });

  test('tells once of one that does not close in time, whatever becomes of others', async () => {
    const end = await run('oneOfTwoEnds');
    expect(end).toMatchObject({
      printed: ['slow begins to close', 'hanging begins to close', 'slow is closed'],
      code: 0,
    });
    expect(warnings(end)).toEqual([bothBlocked]);
  });
});

// Where there are no signals, `kill` ends the process and nothing can be listened for.
const hasSignals = process.platform !== 'win32';

(hasSignals ? describe : describe.skip).each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  const byUs = (scenario: string): Promise<End> => run(scenario, { ready: signal });

  test('closes what is live, oldest first, then ends the process', async () => {
    expect(await byUs('closes')).toEqual({
      printed: ['ready', ...closing('first'), ...closing('second')],
      stderr: '',
      code: null,
      signal,
    });
  });

  test('closes what begins meanwhile', async () => {
    expect(await byUs('closesLateBorn')).toMatchObject({
      printed: ['ready', ...closing('first'), ...closing('late')],
      signal,
    });
  });

  test('ends the process whatever exit code the program set', async () => {
    expect(await byUs('exitCode')).toMatchObject({ code: null, signal });
  });

  test('tells of a finally block that failed', async () => {
    const end = await byUs('fails');
    expect(end).toMatchObject({
      printed: ['ready', 'failing begins to close', ...closing('other')],
      signal,
    });
    expect(warnings(end)).toEqual([failed]);
    expect(end.stderr).toContain('Error: the disk is full\n    at ');
  });

  test('tells of those that do not close in time', async () => {
    const end = await byUs('blocks');
    expect(end).toMatchObject({ printed: ['ready', 'hanging begins to close'], signal });
    expect(warnings(end)).toEqual([bothBlocked]);
  });

  test('ends the process when timers and clocks are mocked, before the package is loaded or after', async () => {
    for (const end of [await byUs('mocksBefore'), await byUs('mocksAfter')]) {
      expect(end).toMatchObject({ printed: ['ready', 'hanging begins to close'], signal });
      expect(warnings(end)).toEqual([blocked]);
    }
  });

  test('ends the process though the closing of one begins the next, at once if it comes again', async () => {
    const again = { ready: signal, 'restarted 100 times': signal };
    const ends = [await byUs('restarts'), await run('restarts', again)];
    for (const end of ends) expect(end).toMatchObject({ printed: Object.keys(again), signal });
    const late = 'was still open when the time for closing was over';
    expect(ends.map(({ stderr }) => stderr.includes(late))).toEqual([true, false]);
  });

  test('ends the process at once when it comes again', async () => {
    const end = await run('hangs', { ready: signal, 'hanging begins to close': signal });
    expect(end).toMatchObject({ printed: ['ready', 'hanging begins to close'], signal });
  });

  test('ends the process at once when another one comes', async () => {
    const other = signal === 'SIGTERM' ? 'SIGINT' : 'SIGTERM';
    const end = await run('hangs', { ready: signal, 'hanging begins to close': other });
    expect(end).toMatchObject({ printed: ['ready', 'hanging begins to close'], signal: other });
  });

  test.each(['listenedBefore', 'listenedOnceBefore', 'listenedAfter', 'listenedOnceAfter'])(
    'closes what is live and leaves the end to the listener of the program: %s',
    async (scenario) => {
      const { printed, ...end } = await byUs(scenario);
      expect(printed).toHaveLength(5);
      expect(printed).toEqual(
        expect.arrayContaining([`own listener of ${signal}`, ...closing('only')]),
      );
      expect(printed.at(-1)).toBe('own end');
      expect(end).toEqual({ stderr: '', code: 7, signal: null });
    },
  );

  test('ends the process when the last of two trackers has closed', async () => {
    const { printed, ...end } = await byUs('twoTrackers');
    expect(printed).toEqual(expect.arrayContaining([...closing('slow'), ...closing('quick')]));
    expect(end).toMatchObject({ stderr: '', signal });
  });

  test('ends the process at once if only another signal was asked for', async () => {
    expect(await byUs('otherSignal')).toMatchObject({
      printed: ['listeners: 0 0 1', 'ready'],
      signal,
    });
  });

  test('ends the process at once after dispose', async () => {
    expect(await byUs('disposed')).toMatchObject({
      printed: ['listeners: 1 1 1', 'listeners: 0 0 0', 'ready'],
      signal,
    });
  });
});

(hasSignals ? test : test.skip)('another signal that was asked for', async () => {
  expect(await run('otherSignal', { ready: 'SIGUSR2' })).toMatchObject({
    printed: ['listeners: 0 0 1', 'ready', ...closing('only')],
    signal: 'SIGUSR2',
  });
});

test.each<[string, unknown, string]>([
  ['a list', [], 'closeOnExit(): the options are an array. Pass an object.'],
  ['no object', null, 'the options are null. Pass an object.'],
  [
    'an unknown option',
    { timeuot: 1 },
    'Unknown option "timeuot". Did you mean "timeout"? The options are signals, timeout, totalTimeout, concurrency.',
  ],
  ['no list of signals', { signals: 'SIGINT' }, 'option "signals" is "SIGINT".'],
  [
    'an unknown signal',
    { signals: ['SIGTEM'] },
    '"SIGTEM" is no signal to listen for. Did you mean "SIGTERM"?',
  ],
  [
    'a signal that nobody can listen for',
    { signals: ['SIGKILL'] },
    '"SIGKILL" is no signal to listen for. The signals are SIGHUP, SIGINT, ',
  ],
  ['a wrong limit', { timeout: 0 }, 'node: closeOnExit(): timeout is 0. Pass a number above 0.'],
  ['another wrong limit', { concurrency: '1' }, 'concurrency is "1". Pass a number above 0.'],
])('%s is refused, and nothing listens', (_, options, text) => {
  using tracker = trackAsyncGens();
  const before = process.eventNames().map((name) => process.listenerCount(name));
  expect(() => closeOnExit(tracker, options as never)).toThrow(
    expect.objectContaining({
      code: 'ERR_ASYNCGEN_OPTION',
      message: expect.stringContaining(text),
    }),
  );
  expect(process.eventNames().map((name) => process.listenerCount(name))).toEqual(before);
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['options', { timeout: 5 }, 'an object'],
  ['the function that makes one', trackAsyncGens, 'a function'],
])('%s in place of a tracker is refused, and nothing listens', (_, tracker, what) => {
  const before = process.eventNames().map((name) => process.listenerCount(name));
  expect(() => closeOnExit(tracker as never)).toThrow(
    expect.objectContaining({
      code: 'ERR_ASYNCGEN_OPTION',
      message: `asyncgen-hooks/node: closeOnExit(): the tracker is ${what}. Pass what trackAsyncGens() returns.`,
    }),
  );
  expect(process.eventNames().map((name) => process.listenerCount(name))).toEqual(before);
});

import { spawn } from 'node:child_process';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Project } from '../environments/support/project.js';
import { compile } from '../helpers/babel.js';

const project = new Project();
afterAll(() => project[Symbol.dispose]());

interface End {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: string | null;
}

interface Options {
  /** Whether it calls `closeOnExit`. */
  readonly isClosing: boolean;
  readonly timeout?: number;
  /** Flags of Node. */
  readonly flags?: readonly string[];
  /** Sent when it begins to close. */
  readonly signal?: NodeJS.Signals;
}

/** Runs a file of the project. */
function run(
  name: string,
  { isClosing, timeout = 120_000, flags = [], signal: sent }: Options,
): Promise<End> {
  const child = spawn(process.execPath, [...flags, name], {
    cwd: project.root,
    env: { ...process.env, NODE_OPTIONS: undefined, CLOSE: isClosing ? String(timeout) : '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // For a failure only: it ends by a signal that no test expects.
    timeout: 240_000,
    killSignal: 'SIGKILL',
  });
  const out = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out.stdout += text;
    if (sent !== undefined && text.includes('closing')) child.kill(sent);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) =>
      // Addresses of memory and numbers of processes are never the same.
      resolve({ ...out, code, signal }),
    );
  });
}

/** A program that holds an open generator, listens for what is heard at its end, and goes on. */
const HEAD = `
async function* items() {
  try { yield 1; } finally {
    console.log('closing');
    await new Promise((resolve) => setTimeout(resolve, args.waits ?? 1));
    console.log('closed');
  }
}
const args = {};
if (process.env.CLOSE) closeOnExit(trackAsyncGens(), { timeout: Number(process.env.CLOSE) });
process.on('exit', (code) => console.log('exit', code));
process.on('uncaughtExceptionMonitor', (error, origin) => console.log('monitor', origin));
const held = items();
`;
const FILES = {
  mjs: (code: string): string =>
    compile(
      `import { EventEmitter } from 'node:events';
      import { closeOnExit } from 'asyncgen-hooks/node';
      import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';
      ${HEAD}
await held.next();
${code}`,
      { filename: '/project/main.mjs', plugins: ['asyncgen-hooks/babel'], retainLines: true },
    ),
  cjs: (code: string): string =>
    compile(
      `const { EventEmitter } = require('node:events');
      const { closeOnExit } = require('asyncgen-hooks/node');
      const { trackAsyncGens } = require('asyncgen-hooks/lifecycle');
      ${HEAD}
held.next();
${code}`,
      {
        filename: '/project/main.cjs',
        sourceType: 'script',
        plugins: ['asyncgen-hooks/babel'],
        retainLines: true,
      },
    ),
};
let files = 0;

function write(kind: keyof typeof FILES, code: string): string {
  const name = `main${files++}.${kind}`;
  project.write({ [name]: FILES[kind](code) });
  return name;
}

const SAME: [string, string][] = [
  ['thrown at the top', `throw new Error('at the top');`],
  ['thrown in a function', `function f() { if (held) throw new TypeError('inside'); }\nf();`],
  ['thrown later', `setTimeout(() => {\n\tthrow new RangeError('later');\n}, 1);`],
  [
    'of a class',
    `class Own extends Error { name = 'Own'; code = 'E_OWN'; }\nsetTimeout(() => { throw new Own('mine'); });`,
  ],
  ['of the engine', `setTimeout(() => { undefined.foo; });`],
  [
    'with a cause',
    `setTimeout(() => { throw new Error('outer', { cause: new Error('inner') }); });`,
  ],
  ['of a rejection', `setTimeout(() => void Promise.reject(new Error('rejected')));`],
  ['of an async function', `setTimeout(async () => { await null; throw new Error('async'); });`],
  ['of a rejection with a value', `setTimeout(() => void Promise.reject('a value'));`],
  ['of a rejection with an object', `setTimeout(() => void Promise.reject({ some: 'object' }));`],
  [
    'of an event',
    `setTimeout(() => { class Socket extends EventEmitter {} new Socket().emit('error', new Error('of an event')); });`,
  ],
  [
    'with an exit code of the program',
    `process.exitCode = 3;\nsetTimeout(() => { throw new Error('three'); });`,
  ],
];

describe.each(['cjs', 'mjs'] as const)('an uncaught error in an .%s file', (kind) => {
  test.each(SAME)('%s closes, then ends the process as natively', async (_, code) => {
    const name = write(kind, code);
    const [native, closing] = [
      await run(name, { isClosing: false }),
      await run(name, { isClosing: true }),
    ];
    expect(native.code).not.toBe(0);
    expect(native.stdout).not.toContain('closed');
    // What heard of the error before the end, did so before anything was closed.
    const [monitor, ...rest] = native.stdout.split(/(?<=\n)/);
    expect(closing).toEqual({
      ...native,
      stdout: [monitor, 'closing\nclosed\n', ...rest].join(''),
    });
  });
});

describe('an uncaught error', () => {
  const both = async (
    kind: keyof typeof FILES,
    code: string,
    flags: string[] = [],
  ): Promise<[End, End]> => {
    const name = write(kind, code);
    return [
      await run(name, { isClosing: false, flags }),
      await run(name, { isClosing: true, flags }),
    ];
  };

  test.each<[string, string, string[]?]>([
    ['a listener', `process.on('uncaughtException', () => {});`],
    ['a listener that is there once', `process.once('uncaughtException', () => {});`],
    ['a callback', `process.setUncaughtExceptionCaptureCallback(() => {});`],
    ['a domain', `require('node:domain').create().on('error', () => {}).enter();`],
  ])('that %s of the program takes is left alone', async (_, code) => {
    const [native, closing] = await both(
      'cjs',
      `${code}\nsetTimeout(() => console.log('goes on'), 10);\nthrow new Error('taken');`,
    );
    expect(native).toMatchObject({ code: 0, stderr: '' });
    // It closes at the natural end.
    const [before, after] = native.stdout.split('exit');
    expect(closing).toEqual({ ...native, stdout: `${before}closing\nclosed\nexit${after}` });
  });

  test.each([
    ['a listener for unhandledRejection', []],
    ['--unhandled-rejections=warn', ['--unhandled-rejections=warn']],
  ])('that is none, by %s', async (_, flags) => {
    const listener = flags.length > 0 ? '' : `process.on('unhandledRejection', () => {});`;
    const [native, closing] = await both(
      'cjs',
      `${listener}\nPromise.reject(new Error('minded'));\nsetTimeout(() => console.log('goes on'), 10);`,
      flags,
    );
    expect(native).toMatchObject({ code: 0 });
    expect(closing.stdout).toBe(native.stdout.replace('exit', 'closing\nclosed\nexit'));
  });

  test('of a rejection, with --unhandled-rejections=strict', async () => {
    const [native, closing] = await both('cjs', `Promise.reject(new Error('strict'));`, [
      '--unhandled-rejections=strict',
    ]);
    expect(closing).toEqual({ ...native, stdout: expect.stringContaining('closed') });
  });

  test('ends the process within the limit, if a generator hangs', async () => {
    const name = write(
      'mjs',
      `args.waits = 2 ** 30; setTimeout(() => { throw new Error('hangs'); });`,
    );
    const [native, closing] = [
      await run(name, { isClosing: false }),
      await run(name, { isClosing: true, timeout: 20 }),
    ];
    expect(closing).toMatchObject({ code: native.code, signal: null });
    expect(closing.stdout).not.toContain('closed');
    expect(closing.stderr).toContain('was still closing after');
    expect(closing.stderr).toContain(native.stderr);
  });

  test('ends it at once, if nothing is open', async () => {
    const name = write(
      'mjs',
      `await held.return(); setTimeout(() => console.log('never'), 0);\nthrow new Error('at once');`,
    );
    expect(await run(name, { isClosing: true })).toEqual(await run(name, { isClosing: false }));
  });

  test('and then a second one: only the first is heard of', async () => {
    const name = write(
      'cjs',
      `args.waits = 20; setTimeout(() => { setTimeout(() => { throw new Error('second'); }); throw new Error('first'); });`,
    );
    const native = await run(name, { isClosing: false });
    expect((await run(name, { isClosing: true })).stderr).toBe(native.stderr);
  });

  (process.platform === 'win32' ? test.skip : test)(
    'and then a signal: that ends it at once',
    async () => {
      const name = write(
        'cjs',
        `args.waits = 2 ** 30; setTimeout(() => { throw new Error('hangs'); });`,
      );
      const end = await run(name, { isClosing: true, signal: 'SIGTERM' });
      expect(end).toMatchObject({ code: null, signal: 'SIGTERM', stderr: '' });
    },
  );

  test.each([
    ['with a value that is no Error', `setTimeout(() => { throw 'a value'; });`],
    [
      'made in another place',
      `const made = new Error('made');\nsetTimeout(() => { throw made; });`,
    ],
  ])('%s: only the line that is shown above it differs', async (_, code) => {
    const [native, closing] = await both('cjs', code);
    const below = (text: string): string =>
      text.slice(text.search(/^(?:Error: made|a value|Uncaught)/m));
    expect(below(closing.stderr)).toBe(below(native.stderr));
    expect(closing.code).toBe(native.code);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { PluginItem } from '@babel/core';
import { generatedPositionFor, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { babel, plugin } from '../helpers/babel.js';

const DIST = join(__dirname, '../../dist');
const HOOKS = `
import { setAsyncGenHooks } from ${JSON.stringify(pathToFileURL(join(DIST, 'index.mjs')).href)};
setAsyncGenHooks({ firstiter() {}, iter() {}, finalizer() {} });
`.trim();

const folder = mkdtempSync(join(tmpdir(), 'asyncgen-hooks-debugger-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Stop {
  reason: string;
  file: string;
  function: string;
  line: number;
  column: number;
}

interface Plan {
  step?: 'Debugger.stepInto' | 'Debugger.stepOver';
  skip?: string[];
  exceptions?: 'none' | 'uncaught' | 'caught' | 'all';
}

let count = 0;

/**
 * Runs `source` under the debugger, with a breakpoint at each place where `at` stands.
 *
 * @returns where it stopped: the text of that line of the source, with `|` at the place; a stop that
 *   maps to nothing gives `undefined`, and one in another file the name of that file. Lines are one
 *   stop as long as the debugger stays in them.
 */
function debug(source: string, isHooked: boolean, at: string | null, plan: Plan) {
  const file = join(folder, `program-${count++}.mjs`);
  const hooks = join(folder, 'hooks.mjs');
  writeFileSync(hooks, HOOKS);
  const text = isHooked ? source.replace('// hooks', `import ${JSON.stringify(hooks)};`) : source;
  const importSource = pathToFileURL(join(DIST, 'shim.mjs')).href;
  const plugins: PluginItem[] = isHooked ? [[plugin, { importSource }]] : [];
  const { code, map } = babel.transformSync(text, {
    filename: file,
    babelrc: false,
    configFile: false,
    sourceMaps: true,
    plugins,
  })!;
  writeFileSync(file, code!);
  const trace = new TraceMap(map as never);
  const lines = text.split('\n');
  const breakpoints = lines.flatMap((line, i) => {
    if (at === null || !line.includes(at)) return [];
    const place = { source: trace.sources[0]!, line: i + 1, column: line.indexOf(at) };
    const { line: to, column } = generatedPositionFor(trace, place);
    return [{ line: to, column }];
  });
  const child = spawnSync(
    process.execPath,
    [join(__dirname, 'debugger/debugged.mjs'), JSON.stringify({ file, breakpoints, ...plan })],
    { encoding: 'utf8', timeout: 240_000 },
  );
  expect([child.status, child.stderr]).toEqual([0, '']);
  return (JSON.parse(child.stdout) as Stop[]).map((stop) => {
    if (!file.endsWith(stop.file)) return stop.file;
    const found = originalPositionFor(trace, { line: stop.line, column: stop.column });
    if (found.line === null) return undefined;
    const line = lines[found.line - 1]!;
    return `${line.slice(0, found.column)}|${line.slice(found.column)}`.trim();
  });
}

const LOOP = `// hooks
async function* rows(count) {
  for (let i = 0; i < count; i++) {
    const row = i * 2;
    yield row;
  }
}
const seen = [];
for await (const row of rows(2)) {
  seen.push(row);
}
const last = 1;
`;

/** What a debugger with source maps shows when it steps: it goes on where a place maps to nothing. */
function shown(stops: (string | undefined)[]): string[] {
  const places = stops.filter((stop) => stop !== undefined);
  return places.slice(0, places.findIndex((stop) => stop.includes('const last')) + 1);
}

/** The runtime, what sets the hooks, and Node. */
const SKIPPED = ['/dist/[^/]+\\.mjs$', '/hooks\\.mjs$', '^node:'];

describe('a breakpoint', () => {
  test.each([
    ['const row =', 2],
    ['yield row', 2],
    ['for (let', 1],
    ['const seen', 1],
  ])('at "%s" stops there as often as the line runs', (at, times) => {
    const native = debug(LOOP, false, at, {});
    expect(native).toHaveLength(times);
    expect(debug(LOOP, true, at, {})).toEqual(native);
  });
});

describe('stepping', () => {
  test.each(['Debugger.stepOver', 'Debugger.stepInto'] as const)(
    '%s, with the runtime on the ignore list, shows what it shows natively',
    (step) => {
      const plan = { step, skip: SKIPPED };
      const native = shown(debug(LOOP, false, 'const seen', plan));
      expect(native).toContain('for await (const row of |rows(2)) {');
      expect(native.includes('|yield row;')).toBe(step === 'Debugger.stepInto');
      expect(shown(debug(LOOP, true, 'const seen', plan))).toEqual(native);
    },
  );

  test('over a yield never shows the runtime', () => {
    const plan = { step: 'Debugger.stepOver', skip: SKIPPED } as const;
    const native = debug(LOOP, false, 'yield row', plan);
    expect(native[0]).toBe('|yield row;');
    const own = (stops: (string | undefined)[]): string[] =>
      stops.filter((stop) => stop?.includes('|')) as string[];
    const stops = debug(LOOP, true, 'yield row', plan);
    expect(own(stops)).toEqual(own(native));
    expect(stops.filter((stop) => /^(?:shim|runtime|registry)/.test(stop ?? ''))).toEqual([]);
  });
});

describe('the ignore list', () => {
  const files = readdirSync(DIST).filter((name) =>
    /^(?:shim|lifecycle|registry|runtime|shutdown)\b.*\.[cm]js$/.test(name),
  );

  test.each(files)('has all sources of %s, by its source map', (name) => {
    const text = readFileSync(join(DIST, name), 'utf8');
    const [, url] = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(text) ?? [];
    const map = JSON.parse(readFileSync(join(DIST, url!), 'utf8')) as {
      sources: string[];
      x_google_ignoreList: number[];
    };
    expect(map.x_google_ignoreList).toEqual(map.sources.map((_, i) => i));
  });
});

const FAILING = `// hooks
async function* rows() {
  yield 1;
  throw new Error('expected');
}
const read = async () => {
  for await (const row of rows());
};
read()/* handled */;
`;

/**
 * V8 takes our `catch` for a handler, so the user's `throw` is no uncaught one to it; it stops at ours,
 * which has no place in the source.
 */
describe('a pause on exceptions', () => {
  const THROWN = "|throw new Error('expected');";
  const handled = FAILING.replace('/* handled */', '.catch(() => {})');

  test('that are uncaught stops natively at the throw, and in a compiled body where it leaves', () => {
    const plan = { exceptions: 'uncaught' } as const;
    expect(debug(FAILING, false, null, plan)).toEqual([THROWN]);
    expect(debug(FAILING, true, null, plan)).toEqual([undefined]);
  });

  test('of all kinds stops at the throw first', () => {
    const plan = { exceptions: 'all' } as const;
    expect(debug(handled, false, null, plan)).toEqual([THROWN]);
    expect(debug(handled, true, null, plan)).toEqual([THROWN, undefined]);
  });
});

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { generatorsIn, root, type GeneratorFunction } from './generator-functions.js';

const MODES = ['native', 'compiled', 'hooked'] as const;

interface HookCall {
  hook: string;
  site: { name: string; file: string; line: number; column: number };
  /** Which of the generators of this site, from 1; the one that `abandoned` comes with is a new one. */
  instance: number | null;
  detail: string;
}

interface Output {
  files: { file: string; sites: string[] }[];
  records: Record<string, { events: string[]; hooks: HookCall[] }>;
  warnings: string[];
  stderr: string;
}

interface Expected {
  /** What the program saw. */
  events: string[];
  /** What it saw with hooks in force, where that is more. */
  hookedEvents?: string[];
  /** `<hook> <generator function> <detail>`, in the order of the calls. */
  hooks: string[];
  /** Sources run side by side: their order among each other is a matter of microtasks. */
  sideBySide?: boolean;
}

/**
 * Runs `scenarios/<name>.mjs` in three processes: natively, compiled, and compiled with hooks in
 * force.
 * @param files what the plugin is to compile, all of it, relative to the root.
 * @param printed what the compiled runs print to stderr.
 */
export function packageRun(name: string, files: string[], printed: RegExp = /^$/) {
  const outputs = {} as Record<(typeof MODES)[number], Output>;
  const functions = new Map<string, GeneratorFunction>();

  beforeAll(async () => {
    await Promise.all(MODES.map(async (mode) => (outputs[mode] = await runChild(mode, name))));
    for (const file of files) for (const fn of generatorsIn(file)) functions.set(fn.site, fn);
  });

  test('the files that have async generators are compiled, and no other', () => {
    expect(outputs.native.files).toEqual([]);
    for (const mode of ['compiled', 'hooked'] as const) {
      expect(outputs[mode].files.map(({ file }) => file).sort()).toEqual([...files].sort());
    }
  });

  test('each generator function has the site where it stands', () => {
    for (const { file, sites } of outputs.compiled.files) {
      const expected = generatorsIn(file).map(({ site }) => site);
      expect([...sites].sort()).toEqual(expected.sort());
    }
  });

  test('nothing is reported', () => {
    for (const mode of MODES) expect(outputs[mode].warnings).toEqual([]);
    expect(outputs.native.stderr).toBe('');
    expect(outputs.compiled.stderr).toMatch(printed);
    expect(outputs.hooked.stderr).toMatch(printed);
  });

  const tested = new Set<string>();
  test('each scenario has a test', () => {
    expect(Object.keys(outputs.native.records).sort()).toEqual([...tested].sort());
  });

  return {
    /** Makes the test of a scenario: its record in each of the three runs. */
    test(scenario: string, expected: Expected): void {
      const { events, hooks, hookedEvents = events, sideBySide = false } = expected;
      const inOrder = sideBySide ? byGenerator : (calls: string[]): string[] => calls;
      tested.add(scenario);
      test(scenario, () => {
        const hooked = outputs.hooked.records[scenario]!;
        expect(outputs.native.records[scenario]).toEqual({ events, hooks: [] });
        expect(outputs.compiled.records[scenario]).toEqual({ events, hooks: [] });
        expect(hooked.events).toEqual(hookedEvents);
        const calls = hooked.hooks.map((call) => describeCall(functions, call));
        expect(inOrder(calls)).toEqual(inOrder(hooks));
      });
    },
  };
}

/** The lines of a text, without the white space around them. */
export const lines = (text: TemplateStringsArray, ...values: string[]): string[] =>
  String.raw(text, ...values)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

async function runChild(mode: string, name: string): Promise<Output> {
  const child = join(__dirname, '../child/run.mjs');
  const args = ['--expose-gc', child, mode, name];
  const options = { cwd: root, maxBuffer: 2 ** 26 };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, options);
  return { ...(JSON.parse(stdout) as Output), stderr };
}

/** The site is looked up among those that TypeScript found; one that is not there stands as it is. */
function describeCall(
  functions: ReadonlyMap<string, GeneratorFunction>,
  { hook, site, instance, detail }: HookCall,
): string {
  const key = `${site.file}:${site.line}:${site.column}`;
  const fn = functions.get(key);
  const label = fn?.name === site.name ? fn.label : `${site.name} at ${key}`;
  const which = instance === null || instance === 1 ? '' : `#${instance}`;
  return `${hook} ${label}${which} ${detail}`.trimEnd();
}

/** The calls for one generator keep their order. */
function byGenerator(calls: string[]): string[] {
  const generatorOf = (call: string): string => call.split(' ')[1]!;
  return [...calls].sort((a, b) => generatorOf(a).localeCompare(generatorOf(b)));
}

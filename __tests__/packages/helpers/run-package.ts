import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { generatorsIn, root, type GeneratorFunction } from './generators.js';

const MODES = ['native', 'compiled', 'hooked'] as const;

interface HookCall {
  hook: string;
  site: { name: string; file: string; line: number; column: number };
  /** Which of the generators of this site, counted from 1. */
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
  /** What the program saw, natively and compiled, with and without hooks in force. */
  events: string[];
  /** `<hook> <generator function> <detail>`, in the order of the calls. */
  hooks: string[];
  /** Sources run side by side: their order among each other is a matter of microtasks. */
  sideBySide?: boolean;
}

/**
 * Runs `scenarios/<name>.mjs` in three processes of its own: natively, compiled, and compiled with
 * hooks in force.
 * @param files what the plugin is to compile, all of it, relative to the root.
 */
export function runPackage(name: string, files: string[], { stderr = /^$/ } = {}) {
  const outputs = {} as Record<(typeof MODES)[number], Output>;
  const functions = new Map<string, GeneratorFunction>();

  beforeAll(async () => {
    await Promise.all(MODES.map(async (mode) => (outputs[mode] = await runChild(mode, name))));
    for (const file of files) for (const fn of generatorsIn(file)) functions.set(fn.site, fn);
  }, 60_000);

  test('the files that have async generators are compiled, and no other', () => {
    expect(outputs.native.files).toEqual([]);
    for (const mode of ['compiled', 'hooked'] as const) {
      expect(outputs[mode].files.map(({ file }) => file).sort()).toEqual([...files].sort());
    }
  });

  test('each generator function got the site where it stands', () => {
    for (const { file, sites } of outputs.compiled.files) {
      expect([...sites].sort()).toEqual(generatorsIn(file).map(({ site }) => site).sort());
    }
  });

  test('nothing is reported', () => {
    for (const mode of MODES) expect(outputs[mode].warnings).toEqual([]);
    expect(outputs.native.stderr).toBe('');
    expect(outputs.compiled.stderr).toMatch(stderr);
    expect(outputs.hooked.stderr).toMatch(stderr);
  });

  return {
    /** Asserts what the scenario recorded in each of the three runs. */
    expectRecord(scenario: string, { events, hooks, sideBySide = false }: Expected): void {
      const hooked = outputs.hooked.records[scenario]!.hooks.map((call) => write(functions, call));
      const order = sideBySide ? byGenerator : (lines: string[]): string[] => lines;
      expect(outputs.native.records[scenario]!.events).toEqual(events);
      expect(outputs.compiled.records[scenario]).toEqual({ events, hooks: [] });
      expect(outputs.hooked.records[scenario]!.events).toEqual(events);
      expect(order(hooked)).toEqual(order(hooks));
    },
    /** What a scenario recorded in one run. */
    recordOf(mode: (typeof MODES)[number], scenario: string): Expected {
      const { events, hooks } = outputs[mode].records[scenario]!;
      return { events, hooks: hooks.map((call) => write(functions, call)) };
    },
  };
}

async function runChild(mode: string, name: string): Promise<Output> {
  const child = join(__dirname, '../child/run.mjs');
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', child, mode, name],
    { cwd: root, maxBuffer: 2 ** 26 },
  );
  return { ...(JSON.parse(stdout) as Output), stderr };
}

/** The site is looked up among those that TypeScript found; one that is not there stands as it is. */
function write(
  functions: ReadonlyMap<string, GeneratorFunction>,
  { hook, site, instance, detail }: HookCall,
): string {
  const key = `${site.file}:${site.line}:${site.column}`;
  const fn = functions.get(key);
  const label = fn?.name === site.name ? fn.label : `${site.name} at ${key}`;
  const which = instance === null || instance === 1 ? '' : `#${instance}`;
  return `${hook} ${label}${which} ${detail}`.trimEnd();
}

/** The calls for each generator keep their order. */
function byGenerator(lines: string[]): string[] {
  const generatorOf = (line: string): string => line.split(' ')[1]!;
  return [...lines].sort((a, b) => (generatorOf(a) < generatorOf(b) ? -1 : generatorOf(a) > generatorOf(b) ? 1 : 0));
}

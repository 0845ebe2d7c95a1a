import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { PluginItem, TransformOptions } from '@babel/core';
import { setAsyncGenHooks } from 'asyncgen-hooks';
import { compile } from './helpers/babel.js';
import { run } from './helpers/run.js';
import { readScopes, type Scopes } from './helpers/scopes.js';
import { withoutHooksApi } from './helpers/unloaded.js';

/**
 * `fixtures/<feature>/<case>/`, after Babel's own convention:
 *
 * - `input.*` and `output.js`: what the plugin makes of a file. A missing output is written.
 * - `exec.js`, `exec.mjs`, `exec.ts`, ...: a program that throws where its claim is false; if it
 *   exports a function, that is called. It runs as it stands and hooked, with and without hooks in
 *   force, and lowered.
 * - `options.json`: `plugins` and `presets` for Babel; `lowered: false` where Babel's own lowering
 *   cannot do what the case claims, with `why`.
 */
const root = join(__dirname, '../fixtures');
const US = 'asyncgen-hooks/babel';

interface CaseOptions extends Omit<TransformOptions, 'plugins' | 'presets'> {
  plugins?: PluginItem[];
  presets?: PluginItem[];
  lowered?: boolean;
  why?: string;
}

const list = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

function optionsFor(folder: string, file: string) {
  const path = join(folder, 'options.json');
  const { why: _, ...rest }: CaseOptions = existsSync(path)
    ? JSON.parse(readFileSync(path, 'utf8'))
    : {};
  const byExtension = /\.tsx?$/.test(file) && !rest.presets ? ['@babel/preset-typescript'] : [];
  return {
    sourceType: /\.(js|cjs)$/.test(file) ? 'script' : 'module',
    filename: `/project/src/${file}`,
    ...rest,
    plugins: rest.plugins ?? [],
    presets: [...byExtension, ...(rest.presets ?? [])],
  };
}

const passThrough = {
  init: () => {},
  firstiter: () => {},
  iter: (_: unknown, value: unknown) => value,
  finalizer: () => {},
};
const resume = (_: unknown, step: () => unknown): unknown => step();
const none = { init: null, firstiter: null, iter: null, finalizer: null, resume: null };

afterEach(() => void setAsyncGenHooks(none));

describe.each(list(root))('%s', (feature) => {
  describe.each(list(join(root, feature)))('%s', (name) => {
    const folder = join(root, feature, name);
    const files = readdirSync(folder);
    const input = files.find((file) => file.startsWith('input.'));
    const exec = files.find((file) => file.startsWith('exec.'));

    if (input !== undefined) {
      test('output', () => {
        const { lowered: _, plugins, ...options } = optionsFor(folder, input);
        const code = compile(readFileSync(join(folder, input), 'utf8'), {
          plugins: [US, ...plugins!],
          ...options,
        } as TransformOptions);
        const output = join(folder, 'output.js');
        if (!existsSync(output) && !process.env.CI) writeFileSync(output, `${code}\n`);
        expect(`${code}\n`).toBe(readFileSync(output, 'utf8'));
      });
    }

    for (const file of [input, exec]) {
      if (file === undefined) continue;
      test(`other plugins find the scopes of ${file} as a new search would`, () => {
        const { lowered: _, plugins, ...options } = optionsFor(folder, file);
        const scopes: Partial<Scopes> = {};
        compile(readFileSync(join(folder, file), 'utf8'), {
          ...options,
          plugins: [US, readScopes(scopes), ...plugins],
        } as TransformOptions);
        expect(scopes.searched).toBeDefined();
        expect(scopes.told).toEqual(scopes.searched);
      });
    }

    if (exec !== undefined) {
      const source = readFileSync(join(folder, exec), 'utf8');
      const { lowered = true, plugins, presets, ...options } = optionsFor(folder, exec);
      const modules =
        options.sourceType === 'module' ? ['@babel/plugin-transform-modules-commonjs'] : [];
      const target = (targets: object): unknown => [
        '@babel/preset-env',
        { targets, modules: false },
      ];
      const attempt = async (ours: string[], more: unknown[] = []): Promise<void> => {
        const code = compile(source, {
          ...options,
          plugins: [...ours, ...plugins!, ...modules],
          presets: [...more, ...presets!],
        } as TransformOptions);
        const exports = run(code);
        if (typeof exports === 'function') await (exports as () => unknown)();
        else if (typeof exports.default === 'function') await exports.default();
      };
      test('native', () => attempt([]));
      test('hooked', () => attempt([US]));
      test('hooked, before the hooks API is loaded', () => withoutHooksApi(() => attempt([US])));
      // `finalizer` alone counts a `yield*` in another way than `iter` does, and a step is the
      // body's own only where no `resume` stands around it.
      test.each([
        ['a finalizer', { finalizer: () => {} }],
        ['all hooks but resume', passThrough],
        ['all hooks', { ...passThrough, resume }],
      ])('hooked, with %s in force', (_, hooks) => {
        setAsyncGenHooks(hooks);
        return attempt([US]);
      });
      const targets = { ES2017: { chrome: '58' }, ES5: { ie: '11' } };
      if (lowered) {
        test.each(Object.entries(targets))('hooked, lowered to %s', (_, engines) =>
          attempt([US], [target(engines)]),
        );
        test.each(Object.entries(targets))('the same, with hooks in force: %s', (_, engines) => {
          setAsyncGenHooks(passThrough);
          return attempt([US], [target(engines)]);
        });
      } else {
        test('Babel alone cannot lower it', async () => {
          const attempts = Object.values(targets).map((engines) => attempt([], [target(engines)]));
          const results = await Promise.allSettled(attempts);
          expect(results.map(({ status }) => status)).toContain('rejected');
        });
      }
    }
  });
});

import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { TransformOptions } from '@babel/core';
import { setAsyncGenHooks } from 'asyncgen-hooks';
import { compile } from './helpers/babel.js';
import { list, none, optionsFor, passThrough, remember, resume, root } from './helpers/fixtures.js';
import { run } from './helpers/run.js';
import { readScopes, type Scopes } from './helpers/scopes.js';
import { withoutHooksApi } from './helpers/unloaded.js';

const US = 'asyncgen-hooks/babel';

afterEach(() => void setAsyncGenHooks(none));

describe.each(list(root))('%s', (feature) => {
  describe.each(list(join(root, feature)))('%s', (name) => {
    const folder = join(root, feature, name);
    const files = readdirSync(folder);
    const input = files.find((file) => file.startsWith('input.'));
    const exec = files.find((file) => file.startsWith('exec.'));

    if (input !== undefined) {
      test('output', () => {
        const {
          lowered: _,
          loweredBehindEngine: _2,
          plugins,
          ...options
        } = optionsFor(folder, input);
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
        const {
          lowered: _,
          loweredBehindEngine: _2,
          plugins,
          ...options
        } = optionsFor(folder, file);
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
      const {
        lowered = true,
        loweredBehindEngine: _,
        plugins,
        presets,
        ...options
      } = optionsFor(folder, exec);
      const modules =
        options.sourceType === 'module' ? ['@babel/plugin-transform-modules-commonjs'] : [];
      const target = (targets: object): unknown => [
        '@babel/preset-env',
        { targets, modules: false },
      ];
      const compileBy = remember((ours: string[], more: unknown[]) =>
        compile(source, {
          ...options,
          plugins: [...ours, ...plugins!, ...modules],
          presets: [...more, ...presets!],
        } as TransformOptions),
      );
      const attempt = async (ours: string[], more: unknown[] = []): Promise<void> => {
        const exports = run(compileBy(ours, more));
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

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { TransformOptions } from '@babel/core';
import { setAsyncGenHooks } from 'asyncgen-hooks';
import { compile } from '../helpers/babel.js';
import { compileByEngine } from '../helpers/engine.js';
import {
  list,
  none,
  optionsFor,
  passThrough,
  remember,
  resume,
  root,
} from '../helpers/fixtures.js';
import { run } from '../helpers/run.js';
import { withoutHooksApi } from '../helpers/unloaded.js';

/** What `fixtures.test.ts` does for the Babel plugin, for the engine. */

afterEach(() => void setAsyncGenHooks(none));

/** All that is asked of an output but what it does. */
function expectInPlace(source: string, code: string): void {
  const lines = (text: string): number => text.split(/\r\n|[\n\r\u2028\u2029]/).length;
  expect(lines(code)).toBe(lines(source));
}

describe.each(list(root))('%s', (feature) => {
  describe.each(list(join(root, feature)))('%s', (name) => {
    const folder = join(root, feature, name);
    for (const file of readdirSync(folder)) {
      if (!/^(?:input|exec)\./.test(file)) continue;
      const source = readFileSync(join(folder, file), 'utf8');
      const {
        lowered = true,
        loweredBehindEngine = true,
        plugins,
        presets,
        ...options
      } = optionsFor(folder, file);
      const { sourceType } = options as { sourceType: 'module' | 'script' };
      const engineCode = compileByEngine(source, file, { sourceType }).code;

      test(`${file}: what comes out parses, and no line moves`, () => {
        expectInPlace(source, engineCode);
        compile(engineCode, { ...options, plugins, presets } as TransformOptions);
      });
      if (!file.startsWith('exec.')) continue;

      const modules = sourceType === 'module' ? ['@babel/plugin-transform-modules-commonjs'] : [];
      const compileFor = remember((engines?: object) => {
        const lowering = engines
          ? [['@babel/preset-env', { targets: engines, modules: false }]]
          : [];
        return compile(engineCode, {
          ...options,
          plugins: [...plugins, ...modules],
          presets: [...lowering, ...presets],
        } as TransformOptions);
      });
      const attempt = async (engines?: object): Promise<void> => {
        const exports = run(compileFor(engines));
        if (typeof exports === 'function') await (exports as () => unknown)();
        else if (typeof exports.default === 'function') await exports.default();
      };
      test('hooked', () => attempt());
      test('hooked, before the hooks API is loaded', () => withoutHooksApi(() => attempt()));
      test.each([
        ['a finalizer', { finalizer: () => {} }],
        ['all hooks but resume', passThrough],
        ['all hooks', { ...passThrough, resume }],
      ])('hooked, with %s in force', (_, hooks) => {
        setAsyncGenHooks(hooks);
        return attempt();
      });
      const targets = { ES2017: { chrome: '58' }, ES5: { ie: '11' } };
      if (lowered && loweredBehindEngine) {
        test.each(Object.entries(targets))('hooked, lowered to %s', (_, engines) =>
          attempt(engines),
        );
        test.each(Object.entries(targets))('the same, with hooks in force: %s', (_, engines) => {
          setAsyncGenHooks(passThrough);
          return attempt(engines);
        });
      } else if (!loweredBehindEngine) {
        test('Babel cannot lower what the engine writes', async () => {
          const attempts = Object.values(targets).map((engines) => attempt(engines));
          const results = await Promise.allSettled(attempts);
          expect(results.map(({ status }) => status)).toContain('rejected');
        });
      }
    }
  });
});

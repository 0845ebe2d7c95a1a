import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { TransformOptions } from '@babel/core';
import { getAsyncGenHandle, setAsyncGenHooks } from 'asyncgen-hooks';
import { compile } from '../helpers/babel.js';
import { compileByEngine } from '../helpers/engine.js';
import { list, none, optionsFor, root } from '../helpers/fixtures.js';
import { run } from '../helpers/run.js';

/** The Babel plugin and the engine: the same hooks, for the same sites, in the same order. */

afterEach(() => void setAsyncGenHooks(none));

/** Sets hooks that keep in mind what they are called for. */
function record(): string[] {
  const calls: string[] = [];
  const note = (hook: string, gen: never, more = ''): void => {
    const { name, file, line, column } = getAsyncGenHandle(gen)!.site;
    calls.push(`${hook} ${name} ${file}:${line}:${column} ${more}`);
  };
  setAsyncGenHooks({
    init: (gen) => note('init', gen as never),
    firstiter: (gen) => note('firstiter', gen as never),
    iter: (gen, value) => {
      note('iter', gen as never);
      return value;
    },
    resume: (gen, step, name) => {
      const { parked } = getAsyncGenHandle(gen)!;
      note('resume', gen as never, `${name} at ${parked ? `${parked.file}:${parked.line}` : '-'}`);
      return step();
    },
    finalizer: (gen, { type }) => note('finalizer', gen as never, type),
  });
  return calls;
}

describe.each(list(root))('%s', (feature) => {
  describe.each(list(join(root, feature)))('%s', (name) => {
    const folder = join(root, feature, name);
    const file = readdirSync(folder).find((each) => each.startsWith('exec.'));
    if (file === undefined) return;
    const source = readFileSync(join(folder, file), 'utf8');
    const { lowered: _, loweredBehindEngine: _2, plugins, ...rest } = optionsFor(folder, file);
    const { sourceType } = rest as { sourceType: 'module' | 'script' };
    const modules = sourceType === 'module' ? ['@babel/plugin-transform-modules-commonjs'] : [];

    const callsOf = async (text: string, ours: string[]): Promise<string[]> => {
      const code = compile(text, {
        ...rest,
        plugins: [...ours, ...plugins, ...modules],
      } as TransformOptions);
      const calls = record();
      const exports = run(code);
      if (typeof exports === 'function') await (exports as () => unknown)();
      else if (typeof exports.default === 'function') await exports.default();
      return calls;
    };

    test('hooks are called alike', async () => {
      const byBabel = await callsOf(source, ['asyncgen-hooks/babel']);
      setAsyncGenHooks(none);
      const { code } = compileByEngine(source, file, { sourceType });
      expect(await callsOf(code, [])).toEqual(byBabel);
    });
  });
});

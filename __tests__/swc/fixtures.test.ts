import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { setAsyncGenHooks } from 'asyncgen-hooks';
import { remember } from '../helpers/fixtures.js';
import { run } from '../helpers/run.js';
import { withoutHooksApi } from '../helpers/unloaded.js';
import { compileWith, describeSwc, NEWEST, root, type Setup } from './support.js';

/** The `exec` fixtures of the Babel plugin, through the SWC plugin, with the same expectations. */
const fixtures = join(root, 'fixtures');

/** What SWC alone does not do as the language says, or does not parse. */
const NOT_BY_SWC: Record<string, string> = {
  'bodies/functions-in-blocks': 'It does not parse a function as the body of an `if`.',
  'bodies/yield-wherever-an-expression-may-stand':
    'It prints a tag that is a `yield` without its parentheses.',
  'decorators/private-beside-decorated': 'Its decorators of classes lose the name of the class.',
  'decorators/see-the-visible-function': 'Its decorators of classes lose the name of the class.',
};

/** What SWC alone does wrongly, and with the plugin does not. */
const ONLY_WITH_US: Record<string, string> = {
  'declarations/earlier-cases-name-it':
    'It takes a name in an earlier `case` for that of a variable outside.',
};

/** What it lowers by itself and what gets another meaning by us, since a class has one more static field. */
const NOT_LOWERED: Record<string, string> = {
  'methods/anonymous-class-keeps-its-name':
    'It lowers an anonymous class with a static field to one without its name.',
};

const passThrough = {
  init: () => {},
  firstiter: () => {},
  iter: (_: unknown, value: unknown) => value,
  finalizer: () => {},
  resume: (_: unknown, step: () => unknown): unknown => step(),
};
const none = { init: null, firstiter: null, iter: null, finalizer: null, resume: null };

afterEach(() => void setAsyncGenHooks(none));

function transformOf(folder: string): object {
  const path = join(folder, 'options.json');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return {
    ...(text.includes('"legacy"') ? { legacyDecorator: true } : {}),
    ...(text.includes('2023-11') ? { decoratorVersion: '2022-03' } : {}),
    ...(text.includes('preset-react') ? { react: { runtime: 'classic', pragma: 'h' } } : {}),
  };
}

const cases = readdirSync(fixtures)
  .filter((feature) => !['app', 'demo', 'next', 'flow'].includes(feature))
  .flatMap((feature) => readdirSync(join(fixtures, feature)).map((name) => `${feature}/${name}`))
  .flatMap((name) => {
    const file = readdirSync(join(fixtures, name)).find((file) => file.startsWith('exec.'));
    return file === undefined ? [] : [{ name, file }];
  });

describeSwc.each(NEWEST)('@swc/core %s', (version) => {
  describe.each(cases)('$name', ({ name, file }) => {
    const folder = join(fixtures, name);
    const source = readFileSync(join(folder, file), 'utf8');
    const compile = remember((setup: Setup) =>
      compileWith(version, source, file, { transform: transformOf(folder), ...setup }),
    );
    const attempt = async (setup: Setup): Promise<void> => {
      const exports = run(compile(setup));
      if (typeof exports === 'function') await exports();
      else if (typeof exports.default === 'function') await exports.default();
    };

    if (name in NOT_BY_SWC) {
      test(`SWC alone cannot: ${NOT_BY_SWC[name]}`, () =>
        expect(attempt({ isHooked: false })).rejects.toThrow());
      return;
    }
    const native = (): Promise<void> => attempt({ isHooked: false });
    if (name in ONLY_WITH_US)
      test(`SWC alone cannot: ${ONLY_WITH_US[name]}`, () => expect(native()).rejects.toThrow());
    else test('native', native);
    test('hooked', () => attempt({}));
    test('hooked, before the hooks API is loaded', () => withoutHooksApi(() => attempt({})));
    test('hooked, with all hooks in force', () => {
      setAsyncGenHooks(passThrough);
      return attempt({});
    });
    test('hooked, before all that SWC does', () => attempt({ runPluginFirst: true }));
    test.each(['es2017', 'es5'])('hooked, lowered to %s, as well as SWC alone', async (target) => {
      if (name in NOT_LOWERED) return;
      const [alone] = await Promise.allSettled([attempt({ target, isHooked: false })]);
      if (alone.status === 'rejected') return;
      await attempt({ target });
      setAsyncGenHooks(passThrough);
      await attempt({ target });
    });
  });
});

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

type Lowered = '1.15 es2017' | '1.16 es2017' | '1.15 es5' | '1.16 es5';

const ES5: Lowered[] = ['1.15 es5', '1.16 es5'];
const WHERE_LOWERED: Lowered[] = ['1.16 es2017', ...ES5];
const ALL: Lowered[] = ['1.15 es2017', ...WHERE_LOWERED];

interface Wrong {
  readonly in: readonly Lowered[];
  /** What SWC gets wrong. */
  readonly why: string;
  /** With the plugin it goes well, in these. */
  readonly mended?: readonly Lowered[];
}

const noPrototype: Wrong = {
  in: WHERE_LOWERED,
  why: 'prototype',
  mended: WHERE_LOWERED,
};

/** What SWC alone gets wrong when it lowers. */
const WRONG_LOWERED: Record<string, Wrong> = {
  'bodies/closures-see-let-const-and-class': { in: ES5, why: 'dead zone' },
  'bodies/direct-eval': { in: WHERE_LOWERED, why: 'eval' },
  'bodies/functions-beside-parameters': { in: ES5, why: 'parameters' },
  'bodies/functions-declared-twice': { in: ES5, why: 'iterators' },
  'bodies/return-is-awaited-in-try': { in: WHERE_LOWERED, why: 'return' },
  'bodies/this-and-arguments-through-arrows': { in: ES5, why: 'arguments' },
  'bodies/yield-in-class-heads-and-keys': { in: ALL, why: 'class heads' },
  'calls/nothing-runs-before-the-first-step': { in: ES5, why: 'defaults' },
  'calls/parameter-defaults-throw-at-the-call': { in: ES5, why: 'defaults' },
  'calls/this-and-arguments': { in: WHERE_LOWERED, why: 'arguments' },
  'declarations/block-scope-does-not-leak-in-sloppy-code': {
    in: WHERE_LOWERED,
    why: 'scope',
    mended: ['1.16 es2017'],
  },
  'declarations/earlier-cases-name-it': { in: ALL, why: 'scope', mended: ALL },
  'declarations/in-a-factory-share-nothing': noPrototype,
  'declarations/in-switch-cases': { in: ES5, why: 'dead zone' },
  'declarations/is-callable-above-its-line': noPrototype,
  'declarations/reassignment-of-the-binding': noPrototype,
  'declarations/switch-does-not-leak-in-sloppy-code': {
    in: WHERE_LOWERED,
    why: 'scope',
    mended: WHERE_LOWERED,
  },
  'expressions/inferred-names': {
    in: ALL,
    why: 'names',
    mended: ['1.15 es2017', '1.16 es2017'],
  },
  'expressions/own-name-as-a-target': { in: ES5, why: 'own name' },
  'looks/added-to-the-prototype': noPrototype,
  'looks/lowered': noPrototype,
  'looks/native': { in: WHERE_LOWERED, why: 'prototype' },
  'looks/prototype-frozen': noPrototype,
  'looks/prototype-replaced': { in: WHERE_LOWERED, why: 'prototype' },
  'looks/text': { in: ALL, why: 'text' },
  'looks/wrong-receiver-rejects': noPrototype,
  'methods/computed-names': { in: ALL, why: 'names', mended: ['1.15 es2017', '1.16 es2017'] },
  'methods/in-a-factory-share-nothing': {
    in: ['1.16 es2017'],
    why: 'prototype',
    mended: ['1.16 es2017'],
  },
  'methods/key-is-read-once': { in: ES5, why: 'keys', mended: ES5 },
  'methods/object-names': { in: ES5, why: 'names' },
  'methods/of-classes': noPrototype,
  'methods/private': { in: ALL, why: 'names', mended: ALL },
  'methods/super-of-another-object': { in: ['1.16 es2017'], why: 'super' },
  'steps/finally-runs-on-break': { in: WHERE_LOWERED, why: 'finally' },
  'steps/stack-traces-name-the-function': { in: WHERE_LOWERED, why: 'stack' },
};

/** What it lowers well by itself and what gets another meaning by us, since a class has one more static field. */
const WRONG_WITH_US: Record<string, string> = {
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
    describe.each(['es2017', 'es5'])('lowered to %s', (target) => {
      const [major, minor] = version.split('.');
      const lowered = `${major}.${minor} ${target}` as Lowered;
      const wrong = WRONG_LOWERED[name];
      const isWrong = wrong?.in.includes(lowered) ?? false;
      const withUs = async (): Promise<void> => {
        await attempt({ target });
        setAsyncGenHooks(passThrough);
        await attempt({ target });
      };
      const alone = (): Promise<void> => attempt({ target, isHooked: false });

      if (isWrong)
        test(`SWC alone is wrong: ${wrong!.why}`, () => expect(alone()).rejects.toBeDefined());
      else test('SWC alone', alone);
      if (name in WRONG_WITH_US)
        test(`hooked, not: ${WRONG_WITH_US[name]}`, () => expect(withUs()).rejects.toThrow());
      else if (!isWrong || wrong!.mended?.includes(lowered)) test('hooked', withUs);
      else test('hooked, no better', () => expect(withUs()).rejects.toBeDefined());
    });
  });
});

import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { existsSync } from 'node:fs';
import { transformAsync } from '@babel/core';
import { create } from '@apm-js-collab/code-transformer';
import { findMissingForSwc, openSwc } from '../../scripts/swc.mjs';
import { byHand } from './by-hand.mjs';

/**
 * What is measured against native generators. Each runs in a process of its own, with native
 * ones beside it.
 *
 * @typedef {object} Configuration
 * @property {string} name
 * @property {string[]} forms of the generator functions: `declaration`, `expression`
 * @property {(text: string, dist: string) => Promise<string>} [compile] the module of functions
 * @property {(fn: Function) => Function} [wrap] each function of it
 * @property {(dist: string) => unknown} [setUp] before the first call; `dist` is a URL. A function that it
 *   gives runs what is measured, of both sides
 * @property {boolean} [apart] native generators in the same process would be slower for it too
 */

const FORMS = ['declaration', 'expression'];
const DECLARATION = ['declaration'];

const HOOKS = {
  firstiter: () => {},
  iter: (gen, value) => value,
  finalizer: () => {},
  init: () => {},
  resume: (gen, step) => step(),
};

async function compile(text, dist) {
  const { default: plugin } = await import(`${dist}babel.mjs`);
  const { code } = await transformAsync(text, {
    ...PLAIN,
    plugins: [[plugin, { importSource: `${dist}shim.mjs` }]],
  });
  return code;
}

const PLAIN = { babelrc: false, configFile: false, filename: 'functions.mjs', cwd: '/' };

const hooked = (...names) => ({
  name: names.join(' + '),
  forms: FORMS,
  compile,
  setUp: async (dist) => {
    const { setAsyncGenHooks } = await import(`${dist}index.mjs`);
    setAsyncGenHooks(Object.fromEntries(names.map((name) => [name, HOOKS[name]])));
  },
});

/** The output of the SWC plugin, whose run time is to be that of Babel's. */
const bySwc = (configuration) => ({
  ...configuration,
  name: `${configuration.name}, by SWC`,
  forms: DECLARATION,
  compile: (text, dist) => {
    const options = { importSource: `${dist}shim.mjs` };
    return openSwc('swc')(text, { name: 'functions.mjs', isModule: true, hooked: options });
  },
});

const tracker = {
  name: 'tracker (`trackAsyncGens`)',
  forms: FORMS,
  compile,
  setUp: async (dist) => {
    const { trackAsyncGens } = await import(`${dist}lifecycle.mjs`);
    trackAsyncGens();
  },
};

/** Native generators run in the same scope: a store that runs costs them, too. */
const scope = {
  ...tracker,
  name: 'tracker, in a scope (`scope.run`)',
  setUp: async (dist) => {
    const { trackAsyncGens } = await import(`${dist}lifecycle.mjs`);
    const made = trackAsyncGens().scope();
    return (work) => made.run(work);
  },
};

const stacks = {
  ...tracker,
  name: 'tracker, with `stacks`',
  setUp: async (dist) => {
    const { trackAsyncGens } = await import(`${dist}lifecycle.mjs`);
    trackAsyncGens({ stacks: true });
  },
};

const context = {
  ...tracker,
  name: 'tracker, with `context`',
  setUp: async (dist) => {
    const { trackAsyncGens } = await import(`${dist}lifecycle.mjs`);
    trackAsyncGens({ context: true });
  },
};

/** What stands on the hooks: each in a build that has it. */
const tool = (name, entry, use) => ({
  name,
  entry,
  forms: DECLARATION,
  compile,
  setUp: async (dist) => use(await import(`${dist}${entry}.mjs`)),
});

const inStore = (work) => new AsyncLocalStorage().run({}, work);
const TOOLS = [
  tool('`keepAsyncContext`, no store', 'context', ({ keepAsyncContext }) => {
    keepAsyncContext();
  }),
  tool('`keepAsyncContext`, in a store', 'context', ({ keepAsyncContext }) => {
    keepAsyncContext();
    return inStore;
  }),
  tool('diagnostics, no subscriber', 'diagnostics', ({ publishAsyncGens }) => {
    publishAsyncGens();
  }),
  tool('diagnostics, begun and ended', 'diagnostics', ({ publishAsyncGens }) => {
    publishAsyncGens();
    for (const event of ['begun', 'ended']) subscribe(`asyncgen:${event}`, () => {});
  }),
];

const hasTracker = (dist) => existsSync(new URL('lifecycle.mjs', dist));

/** The hooks API is not loaded. */
export const NO_HOOKS = 'compiled, no more';
export const API_LOADED = 'hooks API loaded, no hook set';
export const COMMON_HOOKS = 'firstiter + iter + finalizer';

const noHooks = { name: NO_HOOKS, forms: FORMS, compile };
const common = hooked('firstiter', 'iter', 'finalizer');

/** @returns {Configuration[]} */
export const ours = (dist) => [
  { name: 'native again (control)', forms: FORMS },
  noHooks,
  {
    name: API_LOADED,
    forms: FORMS,
    compile,
    setUp: (dist) => import(`${dist}index.mjs`),
  },
  ...Object.keys(HOOKS).map((name) => hooked(name)),
  common,
  { ...hooked(...Object.keys(HOOKS)), name: 'all five hooks' },
  hooked('init', 'resume'),
  ...(findMissingForSwc() ? [] : [noHooks, common].map(bySwc)),
  ...TOOLS.filter(({ entry }) => existsSync(new URL(`${entry}.mjs`, dist))),
  ...(hasTracker(dist) ? [tracker, scope, stacks, context] : []),
];

/** The least that sees every step; `[Symbol.asyncIterator]()` has to return the proxy. */
const SEEN = {
  get(gen, key, proxy) {
    const value = gen[key];
    if (key === Symbol.asyncIterator) return () => proxy;
    return typeof value === 'function' ? (...args) => value.apply(gen, args) : value;
  },
};

/** What a user would take instead, and parts of ours. @type {Configuration[]} */
export const alternatives = [
  ...byHand,
  {
    name: "Babel's lowering",
    forms: DECLARATION,
    async compile(text) {
      const plugins = ['@babel/plugin-transform-async-generator-functions'];
      const { code } = await transformAsync(text, { ...PLAIN, cwd: import.meta.dirname, plugins });
      return code;
    },
  },
  {
    name: 'code-transformer, no subscriber',
    forms: DECLARATION,
    async compile(text) {
      const module = { name: 'functions', versionRange: '*', filePath: 'functions.mjs' };
      const names = [...text.matchAll(/function\* (\w+)/g)].map(([, name]) => name);
      const queries = names.map((functionName) => ({
        channelName: functionName,
        module,
        functionQuery: { functionName, kind: 'Sync', returnKind: 'AsyncIterator' },
      }));
      const transformer = create(queries).getTransformer('functions', '1.0.0', 'functions.mjs');
      return transformer.transform(text, 'esm').code;
    },
  },
  {
    name: 'a generator around it',
    forms: DECLARATION,
    wrap: (fn) =>
      async function* (...args) {
        for await (const value of fn.apply(this, args)) yield value;
      },
  },
  {
    name: '`Proxy` around it',
    forms: DECLARATION,
    wrap: (fn) =>
      function (...args) {
        return new Proxy(fn.apply(this, args), SEEN);
      },
  },
  {
    name: '`async_hooks`, one `init` hook',
    forms: DECLARATION,
    apart: true,
    setUp: () => createHook({ init() {} }).enable(),
  },
];

/**
 * What it costs to notice abandoned generators, as ratios to native from one run: as the runtime
 * does it (only generators that outlive a garbage collection are registered) and with a
 * FinalizationRegistry for each generator from its first step to its end.
 */
import { transformSync } from '@babel/core';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const source =
  'module.exports = async function* items(n) { for (let i = 0; i < n; i++) yield i; };';
const plugin = require.resolve('asyncgen-hooks/babel');

function load(hooked) {
  const { code } = transformSync(source, {
    configFile: false,
    babelrc: false,
    sourceType: 'script',
    plugins: hooked ? [plugin] : [],
  });
  const module = { exports: undefined };
  new Function('module', 'require', code)(module, require);
  return module.exports;
}

const registry = new FinalizationRegistry(() => {});
const { setAsyncGenHooks } = require('asyncgen-hooks');
const variants = {
  native: { gen: load(false), hooks: {} },
  'finalizer hook': { gen: load(true), hooks: { finalizer() {} } },
  'finalizer hook, each registered': {
    gen: load(true),
    hooks: {
      firstiter: (gen) => registry.register(gen, 0, gen),
      finalizer: (gen) => void registry.unregister(gen),
    },
  },
};

async function round({ gen, hooks }, generators, items) {
  setAsyncGenHooks({ firstiter: null, finalizer: null, ...hooks });
  const start = process.hrtime.bigint();
  for (let i = 0; i < generators; i++) for await (const _ of gen(items));
  return Number(process.hrtime.bigint() - start);
}

const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];

for (const [items, generators] of [
  [1, 5000],
  [10, 1500],
  [500, 40],
]) {
  const ratios = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  for (let i = 0; i < 40; i++) {
    const names = i % 2 ? Object.keys(variants) : Object.keys(variants).reverse();
    const times = {};
    for (const name of names) times[name] = await round(variants[name], generators, items);
    if (i < 8) continue;
    for (const name of names) ratios[name].push(times[name] / times.native);
  }
  const shown = Object.entries(ratios).map(
    ([name, values]) => `${name} ${middle(values).toFixed(2)}`,
  );
  console.log(`${String(items).padStart(3)} items: ${shown.join(', ')}`);
}

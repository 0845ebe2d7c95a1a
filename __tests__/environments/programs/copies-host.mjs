/** Sets hooks through each copy of the package and runs generators compiled for each of them. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const entries = [
  ['a.mjs', () => import('copy-a'), () => import('./a.mjs')],
  ['a.cjs', () => require('copy-a'), () => require('./a.cjs')],
  ['b.mjs', () => import('copy-b'), () => import('./b.mjs')],
  ['b.cjs', () => require('copy-b'), () => require('./b.cjs')],
  ['bundle.cjs', () => import('copy-a'), () => require('./bundle.cjs')],
];

const apis = [];
const modules = [];
const early = [];
for (const [name, loadApi, loadModule] of entries) {
  const api = await loadApi();
  modules.push(await loadModule());
  if (apis.length === 0) {
    api.setAsyncGenHooks({ firstiter: (gen) => void early.push(api.describeAsyncGen(gen)?.file) });
  }
  apis.push([name, api]);
}

const runAll = async () => {
  for (const { generator } of modules) for await (const _ of generator());
};

await runAll();
const record = { early };
for (const [name, api] of apis) {
  const seen = [];
  const hook = (gen) => void seen.push(api.describeAsyncGen(gen)?.file);
  api.setAsyncGenHooks({ firstiter: hook });
  await runAll();
  const isShared = apis.every(([, other]) => other.getAsyncGenHooks().firstiter === hook);
  record[name] = { seen, isShared };
}
console.log(JSON.stringify(record));

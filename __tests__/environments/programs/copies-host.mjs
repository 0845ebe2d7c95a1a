/** Sets hooks through each copy of the package and runs generators compiled for each of them. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const loadApis = {
  'a.mjs': () => import('copy-a'),
  'a.cjs': () => require('copy-a'),
  'b.mjs': () => import('copy-b'),
  'b.cjs': () => require('copy-b'),
};
const apis = {};
const modules = [];
const early = [];
for (const [name, load] of Object.entries(loadApis)) {
  const { describeAsyncGen, setAsyncGenHooks } = (apis[name] = await load());
  modules.push(await import(`./${name}`));
  // Set while the first copy is the only one.
  if (modules.length > 1) continue;
  setAsyncGenHooks({ firstiter: (gen) => void early.push(describeAsyncGen(gen)?.file) });
}
modules.push(require('./bundle.cjs'));

const runAll = async () => {
  for (const { generator } of modules) for await (const value of generator()) void value;
};

await runAll();
const record = { early };
for (const [name, api] of Object.entries(apis)) {
  const seen = [];
  const hook = (gen) => void seen.push(api.describeAsyncGen(gen)?.file);
  const ended = [];
  const finalizer = (gen) => void ended.push(api.getAsyncGenHandle(gen)?.site.file);
  api.setAsyncGenHooks({ firstiter: hook, finalizer });
  await runAll();
  const isShared = Object.values(apis).every(
    (other) => other.getAsyncGenHooks().firstiter === hook,
  );
  record[name] = { seen: [...seen], ended: [...ended], isShared };
}
console.log(JSON.stringify(record));

/** Trackers and scopes of two copies of the package, over generators compiled for each of them. */
import { trackAsyncGens as trackA } from 'copy-a/lifecycle';
import { trackAsyncGens as trackB } from 'copy-b/lifecycle';
import { generator as makeA } from './a.mjs';
import { generator as makeB } from './b.mjs';

const [a, b] = [trackA(), trackB()];
const files = (live) => live.map(({ site }) => site.file);
const begin = async (make) => {
  const gen = make();
  await gen.next();
  return gen;
};

const outside = [await begin(makeA), await begin(makeB)];
const scopes = [a.scope(), b.scope()];
const inside = [];
for (const scope of scopes)
  inside.push(await scope.run(() => begin(makeA)), await scope.run(() => begin(makeB)));
const owned = await begin(makeB);
scopes[0].own(owned);

const record = { trackers: [files(a.live()), files(b.live())] };
record.scopes = scopes.map((scope) => files(scope.live()));
record.closed = [];
for (const scope of scopes) record.closed.push(files((await scope.close()).closed));
record.inside = await Promise.all([...inside, owned].map((gen) => gen.next()));
record.outside = files((await b.shutdown()).closed);
record.left = [...files(a.live({ scopes: true })), ...files(b.live({ scopes: true }))];
record.kept = outside.length;
console.log(JSON.stringify(record));

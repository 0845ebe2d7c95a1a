import { drive } from './drive.mjs';
import { Hooks } from './hooks.mjs';
import { ModelGenerator } from './model.mjs';
import { findBroken } from './monitor.mjs';
import { World } from './world.mjs';

/**
 * Runs one case in every way and compares.
 *
 * | run     | code        | hooks      | is compared with                                    |
 * |---------|-------------|------------|-----------------------------------------------------|
 * | native  | as written  | –          |                                                     |
 * | off     | transformed | none       | native: one record, with ticks                      |
 * | on      | transformed | in force   | the contract, by the monitor                        |
 * | model   | as written  | the model  | (calm cases) on: each stream                        |
 * | watched | as written  | –          | (calm, hooks that pass through) on: what a program sees |
 *
 * @param loaded `{ native, hooked }`: each `{ world, main }`, the code evaluated in its world.
 * @returns what differs: `{ what, left, right }`, or `null`.
 */
export async function check(testCase, loaded, { api, host }) {
  const { calm, hooks: spec } = testCase;
  const run = async ({ world, main }, options, before = () => {}, after = () => {}) => {
    world.begin(options);
    host.world = world;
    before();
    let callers = [];
    try {
      callers = main();
    } catch (error) {
      world.note('body', `no program: ${world.name(error)}`);
    }
    if (callers.length > 0) await world.run(() => drive(world, testCase, callers));
    after();
    return world;
  };
  const hooked = (target, api, wrap) => {
    const hooks = new Hooks(target.world, spec, { calm, api });
    const options = { spy: true, hooks, wrap: wrap?.(hooks) };
    return run(
      target,
      options,
      () => hooks.install(),
      () => hooks.remove(),
    );
  };

  const native = (await run(loaded.native, {})).record;
  const off = (await run(loaded.hooked, {})).record;
  if (differ(native, off)) return { what: 'native, transformed', left: native, right: off };

  const on = await hooked(loaded.hooked, api);
  const broken = findBroken(on);
  const streams = flatten(on.streams);
  if (broken !== null)
    return { what: `the contract: ${broken}`, left: show(on.events), right: streams };
  if (!calm) return null;

  const wrap = (hooks) => (body) =>
    new ModelGenerator(body, hooks.registry, (error) =>
      hooks.world.note('reports', hooks.world.name(error)),
    );
  const model = await hooked(loaded.native, undefined, wrap);
  const modelStreams = flatten(model.streams);
  if (differ(modelStreams, streams))
    return { what: 'the model, hooks on', left: modelStreams, right: streams };

  if (!spec.pass) return null;
  const isSeen = (stream) => !/\.|resumes/.test(stream);
  const watched = flatten((await run(loaded.native, { spy: true })).streams, isSeen);
  const seen = flatten(on.streams, isSeen);
  return differ(watched, seen)
    ? { what: 'native, hooks that pass through', left: watched, right: seen }
    : null;
}

export const newWorld = () => new World();

const differ = (left, right) =>
  left.length !== right.length || left.some((line, i) => line !== right[i]);

/** Streams one after the other; those that have no order of their own sorted. */
function flatten(streams, isWanted = () => true) {
  const names = [...streams.keys()].filter(isWanted).sort();
  return names.flatMap((name) => {
    const entries = streams.get(name);
    const ordered = ['reports', 'unhandled'].includes(name) ? [...entries].sort() : entries;
    return [`== ${name}`, ...ordered];
  });
}

const show = (events) =>
  events.map((event) =>
    JSON.stringify(event, (_, value) => (value instanceof Error ? value.message : value)),
  );

/**
 * `node run.mjs <native|compiled|hooked> <scenario>` runs `scenarios/<scenario>.mjs` and prints
 * what it recorded, as JSON.
 *
 * A scenario file exports `scenarios`, functions by name that are run one after the other, and may
 * export `show`, which writes a value as text or gives `undefined` for the default.
 */
import Module, { register } from 'node:module';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { describeAsyncGen, setAsyncGenHooks } from '../../../dist/index.mjs';

const [mode, name] = process.argv.slice(2);
const files = [];
const warnings = [];
process.on('warning', (warning) => warnings.push(String(warning)));

const compiledEsm = mode === 'native' ? undefined : await compileAllThatIsLoaded();
const scenario = await import(`../scenarios/${name}.mjs`);
const records = {};
for (const [title, run] of Object.entries(scenario.scenarios)) records[title] = await play(run);
for (let got; compiledEsm && (got = receiveMessageOnPort(compiledEsm));) files.push(got.message);
process.stdout.write(JSON.stringify({ files, records, warnings }));

async function compileAllThatIsLoaded() {
  const { compile } = await import('./compile.mjs');
  const { port1, port2: port } = new MessageChannel();
  register('./loader.mjs', { parentURL: import.meta.url, data: { port }, transferList: [port] });
  const plain = Module.prototype._compile;
  Module.prototype._compile = function (code, filename, ...rest) {
    const compiled = compile(code, filename, 'script');
    if (compiled !== undefined) files.push({ file: compiled.file, sites: compiled.sites });
    return plain.call(this, compiled?.code ?? code, filename, ...rest);
  };
  return port1;
}

async function play(run) {
  const events = [];
  const hooks = [];
  if (mode === 'hooked') setAsyncGenHooks(recordingHooks(hooks));
  const record = (...parts) => void events.push(parts.map(show).join(' '));
  await run({ record, hooks, consume: (iterable, options) => consume(record, iterable, options) });
  return { events, hooks };
}

/** The hooks of a generator are those of its first step, so each scenario has a record of its own. */
function recordingHooks(hooks) {
  const counts = new Map();
  // Weak, so that a generator that the scenario drops can die.
  const instances = new WeakMap();
  const add = (hook, gen, ...parts) => {
    const site = describeAsyncGen(gen);
    const instance = instances.get(gen) ?? null;
    hooks.push({ hook, site, instance, detail: parts.map(show).join(' ') });
  };
  return {
    firstiter(gen) {
      const key = JSON.stringify(describeAsyncGen(gen));
      counts.set(key, (counts.get(key) ?? 0) + 1);
      instances.set(gen, counts.get(key));
      add('firstiter', gen);
    },
    iter: (gen, value) => add('iter', gen, value),
    finalizer(gen, outcome) {
      const { type } = outcome;
      if (type === 'failed') add('finalizer', gen, type, outcome.error);
      else if (outcome.value === undefined) add('finalizer', gen, type);
      else add('finalizer', gen, type, outcome.value);
      if (type === 'abandoned') return gen.return();
    },
  };
}

/** Records what an iteration gives; breaks off after `limit` values. The first turn is 1. */
async function consume(record, iterable, { limit = Infinity, turns } = {}) {
  let count = 0;
  turns?.reach(1);
  try {
    for await (const value of iterable) {
      record('got', value);
      if (++count === limit) break;
      turns?.reach(count + 1);
    }
    record(count === limit ? 'broke off' : 'end');
  } catch (error) {
    record('caught', error);
  }
}

function show(value) {
  const shown = scenario.show?.(value);
  if (shown !== undefined) return shown;
  if (typeof value === 'string') return value;
  return value instanceof Error
    ? `${value.constructor.name}: ${value.message}`
    : JSON.stringify(value);
}

import { createRequire } from 'node:module';
import type { EngineInput, EngineOutput } from '../../engine/index.js';
import { isRefusal } from './failure.js';

type Engine = typeof import('../../engine/index.js');
type Name = 'engine' | 'engine-plain';

/** Each with its parser in a file of its own: most processes need none. */
const load = (name: Name): Engine => createRequire(import.meta.url)(`./${name}.cjs`) as Engine;

const loaded = new Map<Name, Engine>();

function engineOf(name: Name): Engine {
  let engine = loaded.get(name);
  if (engine === undefined) loaded.set(name, (engine = load(name)));
  return engine;
}

/** JavaScript by its name; a file that asks for Flow has what reads otherwise there. */
const isPlain = ({ language, code }: EngineInput): boolean =>
  !/[tx]/.test(language) && !/@(?:no)?flow\b/.test(code);

/**
 * Compiles by the engine whose parser knows JavaScript alone, which loads in half of the time, as long
 * as that will do: what it refuses (JSX in a `.js` file, a mistake) is for the other one to judge.
 */
export const compileByEngine: Engine['compile'] = (input, options, shim): EngineOutput => {
  // Whatever is loaded is there.
  if (!loaded.has('engine') && isPlain(input)) {
    try {
      return engineOf('engine-plain').compile(input, options, shim);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  return engineOf('engine').compile(input, options, shim);
};

export const composeMaps: Engine['composeMaps'] = (map, before) =>
  engineOf(loaded.has('engine') ? 'engine' : 'engine-plain').composeMaps(map, before);

import { builtinModule } from './builtin.js';
import { readStacks } from './late-stack.js';
import { turn } from './time.js';

interface V8 {
  setFlagsFromString(flags: string): void;
}
interface Vm {
  runInNewContext(code: string): unknown;
}

/**
 * The runtime registers what outlived one collection, so the second finds it. Each registry's callback is a task of its
 * own: those of generators and of stacks are two.
 */
const ROUNDS = 3;

let gc: (() => void) | undefined;

/** Whether the host has what asks the engine for a collection: Node. */
export const canCollectGarbage = (): boolean => findGc() !== undefined;

function findGc(): (() => void) | undefined {
  if (gc !== undefined) return gc;
  const v8 = builtinModule<V8>('node:v8');
  const vm = builtinModule<Vm>('node:vm');
  v8?.setFlagsFromString?.('--expose-gc');
  const found = v8 && vm?.runInNewContext('typeof gc === "function" ? gc : undefined');
  return (gc = found as typeof gc);
}

/** Collects garbage until what the program dropped is known to be abandoned. */
export async function collectGarbage(): Promise<void> {
  readStacks();
  for (let i = 0; i < ROUNDS; i++) {
    findGc()?.();
    await turn();
    await turn();
  }
}

import { REGISTRY_KEY } from '../../src/constants.js';

/** Runs `work` as in a realm where the hooks API was not loaded yet. */
export async function withoutHooksApi(work: () => Promise<void>): Promise<void> {
  const registry = (globalThis as any)[Symbol.for(REGISTRY_KEY)];
  const { api } = registry;
  registry.api = undefined;
  try {
    await work();
  } finally {
    registry.api = api;
  }
}

import { getCurrentTest } from './current.js';

/**
 * The test that calls this may leave generators open: it does not fail for them. They are closed at its
 * end all the same. Does nothing where no runner watches.
 */
export function allowOpenAsyncGens(): void {
  getCurrentTest()?.allow();
}

export type { TestOptions } from './options.js';

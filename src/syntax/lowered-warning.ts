import { printable, warn } from '../messages.js';

/** @param isWhole whether it has no other async generators. */
export const loweredMessage = (file: string, isWhole: boolean): string =>
  `asyncgen-hooks/babel: ${printable(file)}, ${isWhole ? '' : 'some of '}its async generators were lowered ` +
  'before this plugin saw them, and no hook will see them. Let the step before leave them as they ' +
  'are: with TypeScript, "target": "ES2018" or newer; the same with SWC and esbuild; with Babel, ' +
  'this plugin in the same pass or an earlier one (no passPerPreset). Said once.';

let isTold = false;

/** Whether the warning is out: nobody has to look for what was lowered then. */
export const isLoweredTold = (): boolean => isTold;

/** Warns of the first such file. */
export function tellLowered(file: string | null | undefined, isWhole: boolean): void {
  if (isTold) return;
  isTold = true;
  warn(loweredMessage(file ?? 'a file', isWhole), 'ERR_ASYNCGEN_LOWERED');
}

import module from 'node:module';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { mayHaveGenerators } from '../../../syntax/async-star.js';
import { mayHaveLowered } from '../../../syntax/lowered.js';
import { mayImportShim, SHIM_PATH } from '../../shim.js';

/**
 * Test runners load files themselves and run their text with `node:vm`: Vitest in this realm, Jest
 * in one of its own, where hooks of this one see nothing, compiled or not.
 *
 * @param tell called for each file whose async generators are not seen.
 */
export function noteEvaluated(tell: (file: string) => void): void {
  const note = (code: unknown, options: unknown, isOwnRealm: boolean): void => {
    if (typeof code !== 'string') return;
    const file = fileOf(options);
    if (file === undefined || code.includes(SHIM_PATH)) return;
    if (!mayHaveGenerators(code) && !mayHaveLowered(code)) return;
    if (!isOwnRealm || !mayImportShim(code)) tell(file);
  };
  const host = vm as unknown as Record<string, Function>;
  for (const [name, optionsAt, isOwnRealm] of FUNCTIONS) {
    const native = host[name];
    // Some stand behind a flag.
    if (native === undefined) continue;
    host[name] = new Proxy(native, {
      apply(target, self, args) {
        note(args[0], args[optionsAt], isOwnRealm);
        return Reflect.apply(target, self, args) as unknown;
      },
      construct(target, args, newTarget) {
        note(args[0], args[optionsAt], isOwnRealm);
        return Reflect.construct(target, args, newTarget) as object;
      },
    });
  }
  module.syncBuiltinESMExports();
}

const FUNCTIONS = [
  ['Script', 1, false],
  ['SourceTextModule', 1, false],
  ['compileFunction', 2, false],
  ['runInThisContext', 1, true],
  ['runInContext', 2, false],
  ['runInNewContext', 2, false],
] as const;

/** The file that the text is said to be from, if it is one. */
function fileOf(options: unknown): string | undefined {
  const { filename, identifier } = (options ?? {}) as { filename?: unknown; identifier?: unknown };
  const name = typeof options === 'string' ? options : (filename ?? identifier);
  if (typeof name !== 'string') return undefined;
  try {
    return name.startsWith('file:') ? fileURLToPath(name) : name;
  } catch {
    return undefined;
  }
}

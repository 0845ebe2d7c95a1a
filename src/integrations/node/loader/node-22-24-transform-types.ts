import module from 'node:module';
import { composeMaps } from '../../compiler/engines.js';
import { withInlineMap, splitMap } from '../../compiler/maps.js';

type StripTypes = (code: string, options: object) => string;

const { features } = process as unknown as { features: { typescript?: unknown } };
const { stripTypeScriptTypes } = module as unknown as { stripTypeScriptTypes?: StripTypes };

/** By the format of a file: that of what is made of it. */
const MADE: ReadonlyMap<string, string> = new Map([
  ['module-typescript', 'module'],
  ['commonjs-typescript', 'commonjs'],
]);

interface Loaded {
  readonly format: string;
  readonly source: string;
}

/**
 * Node 22 to 24 under `--experimental-transform-types`: Node makes a map of its own for what a hook gives back and drops
 * the one that it brings, so that stacks would lead to lines of the compiled text. So the types go here, by
 * the same function of Node's, and both maps become one.
 *
 * @returns `undefined` if this is for Node to do.
 */
export function transformTypes(
  compiled: string,
  format: string | null | undefined,
): Loaded | undefined {
  const made = MADE.get(format ?? '');
  if (features.typescript !== 'transform' || stripTypeScriptTypes === undefined || !made)
    return undefined;
  const { code, map } = splitMap(compiled);
  const typed = splitMap(
    quietly(() => stripTypeScriptTypes(code, { mode: 'transform', sourceMap: true })),
  );
  if (map === undefined || typed.map === undefined) return undefined;
  // The sources of ours are URLs already.
  const joined = composeMaps(typed.map, map);
  return { format: made, source: withInlineMap(typed.code, joined) };
}

/** The user asked for the flag, of which Node warns, and not for the function behind it. */
function quietly<T>(work: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string, ...rest: unknown[]) => {
    if (String(warning).includes('stripTypeScriptTypes')) return;
    emitWarning.apply(process, [warning, ...rest] as never);
  }) as typeof emitWarning;
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

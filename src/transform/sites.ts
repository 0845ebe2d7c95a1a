import type { BabelFile } from '@babel/core';
import { siteFile, sourceFile } from '../site-files.js';
import { openMap, Sites } from '../syntax/sites.js';

/** Of a file that Babel compiles, with what came before it. */
export function openSites({ opts, inputMap, code }: BabelFile): Sites {
  const filename = opts.filename ?? undefined;
  const cwd = opts.cwd ?? undefined;
  // Babel 8 reads an input map only where it makes a map.
  const map = openMap(() => toMap(inputMap) ?? givenMap(opts.inputSourceMap, code));
  return new Sites(siteFile(filename, cwd), map, (source) => sourceFile(source, filename, cwd));
}

const toMap = (inputMap: unknown): object | undefined =>
  (inputMap as { toObject?(): object } | null | undefined)?.toObject?.();

const INLINE = 'sourceMappingURL=data:application/json;';

/** The option `inputSourceMap`: a map, or whether to look for one in the text. */
function givenMap(option: unknown, code: string): object | undefined {
  if (typeof option === 'object' && option !== null) return option;
  const at = option === false ? -1 : (code ?? '').lastIndexOf(INLINE);
  if (at < 0) return undefined;
  const [, base64] = /^[^,\s]*;base64,(\S+)/.exec(code.slice(at + INLINE.length - 1)) ?? [];
  return base64 && JSON.parse(Buffer.from(base64, 'base64').toString());
}

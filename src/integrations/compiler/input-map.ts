import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const NAME = 'sourceMappingURL=';
const COMMENT = /(?:\/\/|\/\*)[#@]\s+sourceMappingURL=([^\s'"`*]+)[^\S\n\r]*(?:\*\/)?\s*$/;
const DATA = /^data:(?:application|text)\/json;(?:charset[:=][^;,]+;)?base64,/;

/**
 * The map that a file brings, in itself or in a file beside it, named in a comment at its end.
 * One that cannot be read is as good as none: sites are in the text that there is.
 */
export function readInputMap(code: string, file: string): object | undefined {
  const at = code.lastIndexOf(NAME);
  if (at < 0) return undefined;
  const url = COMMENT.exec(code.slice(Math.max(0, at - 5)))?.[1];
  if (url === undefined) return undefined;
  try {
    const inline = DATA.exec(url);
    const text = inline
      ? Buffer.from(url.slice(inline[0].length), 'base64').toString()
      : readFileSync(resolve(dirname(file), url), 'utf8');
    const map = JSON.parse(text) as unknown;
    return typeof map === 'object' && map !== null ? map : undefined;
  } catch {
    return undefined;
  }
}

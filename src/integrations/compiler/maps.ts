/** Source maps as files bring them: in a comment at the end, the map itself or where it lies. */
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

/**
 * The comment that leads to a source map. In two parts: tools that look for the last one in a file
 * of this package would take the text for it.
 */
export const sourceMapComment = (url: string): string =>
  ['//#', `sourceMappingURL=${url}`].join(' ');

const INLINE = 'data:application/json;base64,';

/** A text with its map in itself. */
export const withInlineMap = (code: string, map: object): string =>
  `${code}\n${sourceMapComment(`${INLINE}${Buffer.from(JSON.stringify(map)).toString('base64')}`)}\n`;

/** Takes the map from the end of a text: one of ours, or of Node's. */
export function splitMap(text: string): { code: string; map: object | undefined } {
  const comment = sourceMapComment(INLINE);
  const at = text.lastIndexOf(`\n${comment}`);
  if (at < 0) return { code: text, map: undefined };
  const data = text.slice(at + 1 + comment.length).trim();
  return {
    code: text.slice(0, at),
    map: JSON.parse(Buffer.from(data, 'base64').toString()) as object,
  };
}

import { readFileSync } from 'node:fs';
import { sourceMapComment } from '../../compiler/source-map-comment.js';

const DATA = 'data:application/json;base64,';

export const withInlineMap = (code: string, map: object): string =>
  `${code}\n${sourceMapComment(`${DATA}${Buffer.from(JSON.stringify(map)).toString('base64')}`)}\n`;

/** Takes the map from the end of a text: one of ours, which may stand in a file of the cache, or of Node's. */
export function splitMap(text: string): { code: string; map: object | undefined } {
  const comment = sourceMapComment('');
  const at = text.lastIndexOf(`\n${comment}`);
  if (at < 0) return { code: text, map: undefined };
  const url = text.slice(at + 1 + comment.length).trim();
  try {
    const json = url.startsWith(DATA)
      ? Buffer.from(url.slice(DATA.length), 'base64').toString()
      : readFileSync(new URL(`file://${url}`), 'utf8');
    return { code: text.slice(0, at), map: JSON.parse(json) as object };
  } catch {
    // The cache may be removed at any time.
    return { code: text, map: undefined };
  }
}

/** For who cannot read files: other loaders, which compose the map in a text with their own. */
export function inlineMap(text: string): string {
  if (text.includes(sourceMapComment(DATA))) return text;
  const { code, map } = splitMap(text);
  return map === undefined ? text : withInlineMap(code, map);
}

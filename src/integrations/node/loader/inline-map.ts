import { sourceMapComment } from '../../compiler/source-map-comment.js';

const DATA = 'data:application/json;base64,';

export const withInlineMap = (code: string, map: object): string =>
  `${code}\n${sourceMapComment(`${DATA}${Buffer.from(JSON.stringify(map)).toString('base64')}`)}\n`;

/** Takes the map from the end of a text: one of ours, or of Node's. */
export function splitMap(text: string): { code: string; map: object | undefined } {
  const comment = sourceMapComment(DATA);
  const at = text.lastIndexOf(`\n${comment}`);
  if (at < 0) return { code: text, map: undefined };
  const data = text.slice(at + 1 + comment.length).trim();
  return {
    code: text.slice(0, at),
    map: JSON.parse(Buffer.from(data, 'base64').toString()) as object,
  };
}

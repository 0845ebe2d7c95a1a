import type { Plugin } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';

/** Node prints the whole line that an uncaught error was made in: of a minified file, a screen after the other. */
const MAX_LENGTH = 400;

interface Node {
  readonly type: string;
  readonly start: number;
}

/** Breaks the lines of what is minified. */
export const shortLines = (): Plugin => ({
  name: 'short-lines',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === 'chunk' && /\.[cm]?js$/.test(file.fileName))
        file.code = breakLines(file.code);
    }
  },
});

export function breakLines(code: string): string {
  const places = [...placesIn(parseAst(code))].sort((a, b) => a - b);
  const lines: string[] = [];
  let from = 0;
  let start = 0;
  let last = 0;
  for (const at of [...places, code.length]) {
    // A template may hold line breaks.
    start += code.slice(start, at).lastIndexOf('\n') + 1;
    if (at - start > MAX_LENGTH && last > start) {
      lines.push(code.slice(from, last));
      from = start = last;
    }
    last = at;
  }
  return [...lines, code.slice(from)].join('\n');
}

/** In a list of statements, members, arguments and the like a line may end before each but the first. */
function* placesIn(node: object): Generator<number> {
  for (const value of Object.values(node) as unknown[]) {
    if (typeof value !== 'object' || value === null) continue;
    const isText = (node as Node).type === 'TemplateLiteral';
    if (Array.isArray(value) && !isText)
      for (const each of (value as (Node | null)[]).slice(1)) if (each) yield each.start;
    yield* placesIn(value);
  }
}

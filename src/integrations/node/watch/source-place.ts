import type { SourceMap, SourceMapping } from 'node:module';

/** The lines are 1-based, the columns 0-based. */
export interface SourcePlace {
  /** A path or a URL, as the map has it. */
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Where something stands in the source that the user wrote. Where it is what a compiler put in, as the
 * call around the operand of a `yield*`, that is what stands in front of it in the line.
 *
 * @param line 0-based.
 * @returns `undefined` for what the map does not know.
 */
export function sourcePlace(
  map: Pick<SourceMap, 'findEntry'>,
  line: number,
  column: number,
): SourcePlace | undefined {
  for (let at = column; at >= 0;) {
    const entry = map.findEntry(line, at) as Partial<SourceMapping>;
    const { originalSource: source, originalLine, originalColumn } = entry;
    if (source !== undefined) return { source, line: originalLine! + 1, column: originalColumn! };
    if (entry.generatedLine !== line) return undefined;
    at = entry.generatedColumn! - 1;
  }
  return undefined;
}

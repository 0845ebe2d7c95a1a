import { FlattenMap, originalPositionFor, type TraceMap } from '@jridgewell/trace-mapping';

export interface Site {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 0-based. */
  readonly column: number;
}

/** Maps in sections, too. Of one that is broken, places in the text that has it are what is left. */
export function openMap(read: () => object | undefined): TraceMap | undefined {
  try {
    const map = read();
    return map && new FlattenMap(map as never);
  } catch {
    return undefined;
  }
}

/** Finds places in the source that the user wrote: behind an input source map, if there is one. */
export class Sites {
  constructor(
    readonly file: string,
    readonly map: TraceMap | undefined,
    /** How a source of the map is called in sites. */
    readonly sourceFile: (source: string) => string,
  ) {}

  locate({ line, column }: { line: number; column: number }): Site {
    const found = this.map && originalPositionFor(this.map, { line, column });
    return found?.source == null || found.line === null
      ? { file: this.file, line, column }
      : { file: this.sourceFile(found.source), line: found.line, column: found.column };
  }
}

/** `file:line:column name`. Either part may be missing; nothing at all is `undefined`. */
export function locationText(at: Site | undefined, name: string | undefined): string | undefined {
  const place = at && `${at.file}:${at.line}:${at.column}`;
  const text = [place, name].filter((part) => part !== undefined).join(' ');
  return text === '' ? undefined : text;
}

import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BabelFile } from '@babel/core';
import { FlattenMap, originalPositionFor, type TraceMap } from '@jridgewell/trace-mapping';

interface Site {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 0-based. */
  readonly column: number;
}

/** Finds places in the source that the user wrote: behind an input source map, if there is one. */
export class Sites {
  readonly #file: string;
  readonly #filename: string | undefined;
  readonly #cwd: string | undefined;
  readonly #map: TraceMap | undefined;

  constructor({ opts, inputMap, code }: BabelFile) {
    this.#filename = opts.filename ?? undefined;
    this.#cwd = opts.cwd ?? undefined;
    this.#file = siteFile(this.#filename, this.#cwd);
    // Babel 8 reads an input map only where it makes a map.
    this.#map = openMap(() => toMap(inputMap) ?? givenMap(opts.inputSourceMap, code));
  }

  locate({ line, column }: { line: number; column: number }): Site {
    const found = this.#map && originalPositionFor(this.#map, { line, column });
    return found?.source == null || found.line === null
      ? { file: this.#file, line, column }
      : { file: this.#sourceFile(found.source), line: found.line, column: found.column };
  }

  /** Sources are relative to the file that has the map. What is no path (`webpack:`) stays. */
  #sourceFile(source: string): string {
    if (source.startsWith('file:')) return siteFile(fileURLToPath(source), this.#cwd);
    if (/^[\w-]{2,}:/.test(source)) return source;
    const folder = this.#filename && isAbsolute(this.#filename) ? dirname(this.#filename) : '';
    return siteFile(folder ? resolve(folder, source) : source, this.#cwd);
  }
}

/** Maps in sections, too. Of one that is broken, places in the text that has it are what is left. */
function openMap(read: () => object | undefined): TraceMap | undefined {
  try {
    const map = read();
    return map && new FlattenMap(map as never);
  } catch {
    return undefined;
  }
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

/** Relative to `cwd` and with `/`: the output is the same on every machine. */
function siteFile(filename: string | undefined, cwd: string | undefined): string {
  if (!filename) return 'unknown';
  const file = isAbsolute(filename) && cwd ? relative(cwd, filename) : filename;
  return (isAbsolute(file) ? basename(file) : file).replaceAll('\\', '/');
}

import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { sourcePlace } from '../watch/source-place.js';
import type { Session } from './session.js';

/** Both are 0-based. */
export interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface Script {
  readonly url: string;
  readonly sourceMapURL?: string;
  map?: SourceMap | null;
  lines?: Promise<string[]>;
}

export interface Place {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 0-based. */
  readonly column: number;
}

interface At {
  /** Whether it is a `yield`, and not an `await`. */
  readonly isYield: boolean;
  /** In the source that the user wrote; absent for what was evaluated from a text without a name. */
  readonly place?: Place;
}

/** What V8 calls a place, in the words of the user. */
export class Scripts {
  readonly #scripts = new Map<string, Script>();

  /** To be made before `Debugger.enable`, which tells of all scripts that there are. */
  constructor(
    private readonly session: Session,
    private readonly cwd: string,
  ) {
    session.on<Script & { scriptId: string }>('Debugger.scriptParsed', ({ scriptId, ...script }) =>
      this.#scripts.set(scriptId, script),
    );
  }

  async at(location: Location | undefined): Promise<At | undefined> {
    const script = location && this.#scripts.get(location.scriptId);
    if (script === undefined) return undefined;
    const { scriptId, lineNumber, columnNumber } = location!;
    script.lines ??= this.#read(scriptId);
    const text = (await script.lines)[lineNumber]?.slice(columnNumber) ?? '';
    const isYield = /^yield\b/.test(text);
    if (script.url === '') return { isYield };
    return { isYield, place: this.#placeOf(script, lineNumber, columnNumber) };
  }

  async #read(scriptId: string): Promise<string[]> {
    const { scriptSource } = await this.session.call<{ scriptSource: string }>(
      'Debugger.getScriptSource',
      { scriptId },
    );
    return scriptSource.split(/\r\n|[\n\r\u2028\u2029]/);
  }

  #placeOf(script: Script, line: number, column: number): Place {
    const own = { file: this.#shown(script.url), line: line + 1, column };
    if (script.map === undefined) script.map = readMap(script);
    const found = script.map ? sourcePlace(script.map, line, column) : undefined;
    if (found === undefined) return own;
    const { source, ...place } = found;
    return { file: this.#shown(resolveUrl(source, baseOf(script))), ...place };
  }

  #shown(url: string): string {
    const path = url.startsWith('file:') ? fileURLToPath(url) : url;
    return path.startsWith('/') || /^[a-z]:\\/i.test(path)
      ? relative(this.cwd, path).replaceAll('\\', '/')
      : path;
  }
}

const urlOf = ({ url }: Script): string =>
  /^[a-z][a-z+.-]+:/i.test(url) ? url : pathToFileURL(url).href;

/** What the sources of its map are relative to. */
function baseOf(script: Script): string {
  const { sourceMapURL = '' } = script;
  return sourceMapURL.startsWith('data:') ? urlOf(script) : resolveUrl(sourceMapURL, urlOf(script));
}

function resolveUrl(url: string, base: string): string {
  try {
    return new URL(url, base).href;
  } catch {
    return url;
  }
}

/** Of files and of what stands in the script: nothing is fetched. */
function readMap(script: Script): SourceMap | null {
  const { sourceMapURL } = script;
  if (!sourceMapURL) return null;
  try {
    const url = new URL(sourceMapURL, urlOf(script));
    if (url.protocol === 'data:') {
      const [head = '', ...data] = url.pathname.split(',');
      const encoding = head.endsWith(';base64') ? 'base64' : 'utf8';
      const text = encoding === 'utf8' ? decodeURIComponent(data.join(',')) : data.join(',');
      return makeMap(Buffer.from(text, encoding).toString());
    }
    return url.protocol === 'file:' ? makeMap(readFileSync(url, 'utf8')) : null;
  } catch {
    // Without it, the place is that of the file that runs.
    return null;
  }
}

function makeMap(text: string): SourceMap {
  const payload = JSON.parse(text) as SourceMapPayload;
  // Node's class reads no `sourceRoot`.
  const root = payload.sourceRoot ? payload.sourceRoot.replace(/\/?$/, '/') : '';
  return new SourceMap({ ...payload, sources: payload.sources.map((each) => root + each) });
}

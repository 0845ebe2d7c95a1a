import { closeSync, openSync, writeSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import { printable, quote, warn } from '../../../messages.js';
import { formatAsyncGenSite, type AsyncGenSite } from '../../../runtime/index.js';
import { inTurn } from '../../../time.js';
import type { TimelineListener } from './timeline.js';

const FLUSH_AT = 1 << 16;

/**
 * Writes what the generators of a thread do as events, one line each, in the Trace Event Format:
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 *
 * Each generator has its own `id`, so it is a lane of its own; its steps are nested in it. A step is
 * written when it has settled: steps queue up, and in a lane events may not overlap. The lane ends
 * with the last step that was asked for before the generator ended.
 */
export class Trace {
  readonly #file: string;
  readonly #fd: number;
  readonly #offset: number;
  readonly #base: string;
  #text = '';
  #willFlush = false;
  #isClosed = false;

  /** @param startedAt what counts as 0, in milliseconds since the epoch. */
  constructor(file: string, startedAt: number, head = '', flags: 'w' | 'wx' = 'w') {
    this.#file = file;
    this.#fd = openSync(file, flags);
    this.#offset = performance.timeOrigin - startedAt;
    this.#base = `"pid":${process.pid},"tid":${threadId},"cat":"async generator"`;
    this.#text = head;
  }

  /** For a file in the folder of a run. @returns `undefined`, with a warning, if it cannot be made. */
  static open(file: string, startedAt: number): Trace | undefined {
    try {
      return new Trace(file, startedAt, '', 'wx');
    } catch (error) {
      tellUnwritten(file, error);
      return undefined;
    }
  }

  nameOf(what: 'process' | 'thread', name: string): void {
    this.#write(`"ph":"M","ts":0,"name":"${what}_name","args":${JSON.stringify({ name })}`);
  }

  begin(id: number, now: number, site: AsyncGenSite): void {
    const name = site.name || '(anonymous)';
    this.#write(this.#event('b', id, now, name, { site: formatAsyncGenSite(site) }));
    this.#names.set(id, name);
  }

  step(id: number, name: string, since: number, now: number, result: string): void {
    if (!this.#names.has(id)) return;
    this.#write(this.#event('b', id, since, name));
    this.#write(this.#event('e', id, now, name, { result }));
  }

  end(id: number, now: number, outcome: string): void {
    this.#write(this.#event('e', id, now, this.#names.get(id)!, { outcome }));
    this.#names.delete(id);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#flush();
    if (this.#isClosed) return;
    closeSync(this.#fd);
    this.#isClosed = true;
  }

  /** Of those that have begun and not ended: an end has the name of its beginning. */
  readonly #names = new Map<number, string>();

  #event(ph: 'b' | 'e', id: number, now: number, name: string, args?: object): string {
    const ts = Math.round((now + this.#offset) * 1e6) / 1e3;
    const shown = args === undefined ? '' : `,"args":${JSON.stringify(args)}`;
    return `"ph":"${ph}","id":"${process.pid}.${threadId}.${id}","ts":${ts},"name":${JSON.stringify(name)}${shown}`;
  }

  /** Kept for at most a turn of the event loop: a worker may be terminated in any. */
  #write(event: string): void {
    this.#text += `{${event},${this.#base}},\n`;
    if (this.#text.length >= FLUSH_AT) return this.#flush();
    if (this.#willFlush) return;
    this.#willFlush = true;
    const flushing = inTurn(() => {
      this.#willFlush = false;
      this.#flush();
    });
    (flushing as NodeJS.Immediate).unref();
  }

  #flush(): void {
    const text = this.#text;
    this.#text = '';
    if (text === '' || this.#isClosed) return;
    try {
      writeAll(this.#fd, text);
    } catch (error) {
      // A full disk is not to end the program. What comes after a gap would be no trace.
      this.#isClosed = true;
      closeSync(this.#fd);
      tellUnwritten(this.#file, error);
    }
  }
}

/** Traces what the async generators of this thread do. */
export const traceInto = (trace: Trace): TimelineListener => ({
  begun: ({ id, handle }, now) => trace.begin(id, now, handle.site),
  stepped: ({ id }, name, since, now, how) => trace.step(id, name, since, now, how),
  over: ({ id }, now, how) => trace.end(id, now, how),
});

/** `writeSync` may write a part only, as it does on a disk that is almost full. */
function writeAll(fd: number, text: string): void {
  for (let rest = Buffer.from(text); rest.length > 0;) rest = rest.subarray(writeSync(fd, rest));
}

const tellUnwritten = (file: string, error: unknown): void =>
  warn(
    `asyncgen-hooks/node: Cannot write ${printable(file)} (${quote(error)}), and the trace ends ` +
      'here. Make room, or name another file.',
    'ERR_ASYNCGEN_TRACE',
  );

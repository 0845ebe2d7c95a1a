import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Pages {
  /** The page, as it is now. */
  page(): string;
  /** Somebody listens. @returns what is called when they no longer do. */
  listen(send: (text: string) => void): () => void;
  /** @returns whether there is such a generator, open. */
  close(thread: number, id: number): boolean;
}

/** As many as anybody has open at once. */
const MOST_LISTENERS = 8;
const MOST_BYTES = 100;

/**
 * Serves the page on 127.0.0.1, to who knows its address: a token is part of it. Pages of other sites
 * cannot ask for it by a name that leads here (DNS rebinding): the Host header has to be ours.
 *
 * Neither the server nor what is connected to it keeps the process.
 *
 * @returns the address; rejects if the port is taken.
 */
export async function serve(pages: Pages, port: number): Promise<string> {
  const token = randomBytes(16).toString('hex');
  const server = createServer((request, response) => {
    answer(request, response, server, token, pages);
  });
  server.on('connection', (socket) => socket.unref());
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${portOf(server)}/${token}/`;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const HEADERS = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  server: Server,
  token: string,
  pages: Pages,
): void {
  const end = (status: number, body = '', type = 'text/plain'): void => {
    response.writeHead(status, { ...HEADERS, 'Content-Type': `${type}; charset=utf-8` });
    response.end(body);
  };
  const { host = '', origin } = request.headers;
  const port = portOf(server);
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(host)) return end(403);
  if (origin !== undefined && origin !== `http://${host}`) return end(403);
  const [, given = '', name, ...more] = (request.url ?? '').split('/');
  if (!isEqual(given, token) || more.length > 0) return end(404);
  const route = `${request.method} ${name}`;
  if (route === 'GET ') return end(200, pages.page(), 'text/html');
  if (route === 'GET events') return feed(request, response, pages, end);
  // A form of another site could send neither the method nor the type.
  if (route === 'PUT close' && request.headers['content-type'] === 'application/json')
    return readBody(request, (text) => {
      const [thread, id] = (text ?? '').split('.').map(Number);
      end(id !== undefined && pages.close(thread!, id) ? 204 : 404);
    });
  end(404);
}

/** Takes as long wherever they differ. What is given may have characters of several bytes. */
function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

let listeners = 0;

/** Source: server-sent events, https://html.spec.whatwg.org/multipage/server-sent-events.html */
function feed(
  request: IncomingMessage,
  response: ServerResponse,
  pages: Pages,
  end: (status: number) => void,
): void {
  if (listeners >= MOST_LISTENERS) return end(503);
  listeners++;
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' });
  const stop = pages.listen((text) => {
    // Who does not read what is sent gets the whole again, by a new connection.
    if (response.writableLength > 1 << 24) response.destroy();
    else response.write(`data: ${text}\n\n`);
  });
  request.on('close', () => {
    listeners--;
    stop();
  });
}

function readBody(request: IncomingMessage, done: (text: string | undefined) => void): void {
  let text = '';
  request.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    if (text.length > MOST_BYTES) request.destroy();
  });
  request.on('end', () => done(/^\d+\.\d+$/.test(text) ? text : undefined));
}

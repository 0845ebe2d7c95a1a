import { readFileSync } from 'node:fs';
import { get, request, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import type { ChildProcess } from 'node:child_process';
import { afterAll, describe, expect, test } from '@jest/globals';
import { browserTest, launch } from '../../environments/support/browser.js';
import { NodeProject, type End } from './support/node-project.js';

/** Gives items until it is closed. @param more what it prints then, too. */
const feed = (more = '') => `const sleep = (ms) => new Promise((go) => setTimeout(go, ms));
async function* feed() {
  try {
    for (let i = 0; ; i++) {
      await sleep(5);
      yield i;
    }
  } finally {
    console.log('closed'${more});
  }
}
`;
const server = `${feed()}async function* stuck() {
  await new Promise(() => {});
  yield 1;
}
globalThis.stuck = stuck();
globalThis.stuck.next();
console.log('ready');
for await (const each of feed());
console.log('over');
setInterval(() => {}, 1000);
`;
/** Ends when somebody has connected, though it stays connected. */
const short = `async function* rows() { yield 1; yield 2; }
for await (const each of rows());
console.log('ready');
await new Promise((go) => process.stdin.on('data', go));
process.stdin.destroy();
`;
/** Two workers, of which the second is terminated when somebody says so. */
const workers = `import { isMainThread, Worker, workerData } from 'node:worker_threads';
${feed(', workerData')}if (isMainThread) {
  const file = new URL(import.meta.url);
  const [, second] = [1, 2].map((workerData) => new Worker(file, { workerData }));
  process.stdin.once('data', () => second.terminate());
  console.log('ready');
} else for await (const each of feed());
`;
const project = new NodeProject({
  'server.mjs': server,
  'short.mjs': short,
  'workers.mjs': workers,
});
afterAll(() => project[Symbol.dispose]());
let launched: ReturnType<typeof launch> | undefined;
afterAll(async () => (await launched)?.close());

interface Running {
  readonly url: URL;
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly end: Promise<End>;
}

const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts the command, and waits for its address and for the first line of the program. */
function begin(...args: string[]): Promise<Running> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    let stderr = '';
    let child: ChildProcess;
    const look = (): void => {
      const [, address] = /is shown at (\S+)\n/.exec(stderr) ?? [];
      if (address !== undefined && lines.length > 0)
        resolve({ url: new URL(address), child, lines, end });
    };
    const onStart = (started: ChildProcess): void => {
      running.add((child = started));
      child.stderr!.on('data', (text: Buffer) => {
        stderr += String(text);
        look();
      });
    };
    const onLine = (line: string): void => {
      lines.push(line);
      look();
    };
    const end = project.bin(args, { isOpen: true, onStart, onLine });
    end.then(() => reject(new Error(stderr)), reject);
  });
}

const ask = (
  url: URL | string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {},
): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('error', reject).end(body);
  });

/** The answer to a path that Node's client does not send. */
const askRaw = (url: URL, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1').on('data', (part: string) => (text += part));
    socket.on('error', reject).on('close', () => resolve(text));
    const head = `GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n\r\n`;
    socket.write(head, 'latin1');
  });

const json = { 'Content-Type': 'application/json' };

describe('--live', () => {
  browserTest('shows what goes on, and closes what a person clicks', async () => {
    const { url, child, lines, end } = await begin('--live', 'server.mjs');
    const browser = await (launched ??= launch());
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(url.href);
    const status = page.getByRole('status');
    await status.getByText('● live').waitFor();
    await status.getByText(/2 open now, .*, [1-9]\d* items a second/).waitFor();
    await page.getByRole('tab', { name: '2 generators' }).click();
    await page.locator('.table .row', { hasText: 'feed' }).click();
    expect(lines).toEqual(['ready']);
    await page.getByRole('button', { name: 'Close it' }).click();
    await status.getByText('1 open now').waitFor();
    expect(lines).toEqual(['ready', 'closed', 'over']);
    expect(errors).toEqual([]);
    child.kill('SIGKILL');
    await end;
    await status.getByText('not connected').waitFor();
  });

  test('shows worker threads, closes what is clicked there, and tells which are gone', async () => {
    const { url, child, lines, end } = await begin('--live', 'workers.mjs');
    const news = listen(url);
    const lanes = new Map<number, any>();
    let last: any;
    const until = async (isThere: () => boolean): Promise<void> => {
      while (!isThere()) {
        last = (await news.next()).value;
        for (const { thread, lanes: some } of last.lanes.threads)
          for (const lane of some) lanes.set(thread, lane);
      }
    };
    await until(() => lanes.size === 2 && last.open.length === 2);
    expect([...lanes.values()].map(({ how }) => how)).toEqual(['open', 'open']);
    expect(last.generators).toMatchObject([{ name: 'feed', called: 2, open: 2 }]);
    const [first, second] = [...lanes.keys()].sort((a, b) => a - b) as [number, number];
    const body = `${first}.${lanes.get(first).id}`;
    expect(await ask(new URL('close', url), { method: 'PUT', headers: json, body })).toBe(204);
    await until(() => lanes.get(first).how === 'closed' && last.open.length === 1);
    expect(lines).toEqual(['ready', 'closed 1']);
    child.stdin!.write('go\n');
    await until(() => lanes.get(second).how === 'still open' && last.open.length === 0);
    // As in the report: it never ended.
    expect(last.generators).toMatchObject([{ name: 'feed', closed: 1, open: 1 }]);
    await news.return();
    child.kill('SIGKILL');
    await end;
  });

  test('is there for nobody else', async () => {
    const { url, child, lines, end } = await begin('--live', 'server.mjs');
    const at = (path: string): string => new URL(path, url).href;
    expect(await ask(url)).toBe(200);
    // Without the token, or with another one.
    expect(await ask(at('/'))).toBe(404);
    expect(await ask(at(`/${'0'.repeat(32)}/`))).toBe(404);
    expect(await ask(at(`/${'0'.repeat(32)}/events`))).toBe(404);
    // As long as the token in characters, and not in bytes. Newer Nodes than 20.19 refuse it themselves.
    expect(await askRaw(url, `/${'0'.repeat(31)}\u00e9/`)).toMatch(/^HTTP\/1\.1 40[04] /);
    // By a name of somebody else's that leads here, or from a page of theirs.
    expect(await ask(url, { headers: { Host: `evil.example:${url.port}` } })).toBe(403);
    expect(await ask(url, { headers: { Host: `localhost:${url.port}` } })).toBe(200);
    expect(await ask(at('events'), { headers: { Origin: 'http://evil.example' } })).toBe(403);
    // What closes is no link, no picture and no form.
    expect(await ask(at('close'))).toBe(404);
    expect(await ask(at('close'), { method: 'POST', headers: json, body: '1' })).toBe(404);
    expect(await ask(at('close'), { method: 'PUT', body: '1' })).toBe(404);
    const foreign = { ...json, Origin: 'http://evil.example' };
    expect(await ask(at('close'), { method: 'PUT', headers: foreign, body: '1' })).toBe(403);
    for (const body of ['x', '0', '0.99', '1.0', '-1.0', '1'.repeat(200)])
      expect(await ask(at('close'), { method: 'PUT', headers: json, body }).catch(() => 404)).toBe(
        404,
      );
    expect(lines).toEqual(['ready']);
    if (process.platform === 'linux') expect(addressesOf(url.port)).toEqual(['127.0.0.1']);
    child.kill('SIGKILL');
    await end;
  });

  test('keeps no program, and is in no report', async () => {
    const { url, child, end } = await begin('--live', '0', '--json', 'report.json', 'short.mjs');
    const heard = new Promise<string>((resolve) => {
      get(new URL('events', url), (response) => {
        response
          .setEncoding('utf8')
          .once('data', resolve)
          .on('error', () => {});
      }).on('error', () => {});
    });
    const { generators } = JSON.parse((await heard).slice('data: '.length)) as any;
    expect(generators.map(({ name }: any) => name)).toEqual(['rows']);
    child.stdin!.write('go\n');
    const { code, stderr } = await end;
    expect([code, stderr.split('\n').at(-2)]).toEqual([
      0,
      'asyncgen-hooks: 1 generator, no problem.',
    ]);
    expect(project.readJson('report.json').generators).toHaveLength(1);
  });

  test('shows a program that is started by another one', async () => {
    const { url, child, end } = await begin('--live', 'node', 'server.mjs');
    expect(await ask(url)).toBe(200);
    child.kill('SIGTERM');
    await end;
    await expect(ask(url)).rejects.toThrow();
  });

  test('where its port is taken, it is another one', async () => {
    const first = await begin('--live', 'server.mjs');
    const second = await begin('--live', first.url.port, 'server.mjs');
    expect(second.url.port).not.toBe(first.url.port);
    for (const { child, end } of [first, second]) {
      child.kill('SIGKILL');
      await end;
    }
  });

  test('takes a port and nothing else', async () => {
    const { code, stderr } = await project.bin(['--live=x', 'server.mjs']);
    expect([code, stderr.split('\n')[0]]).toEqual([
      1,
      'asyncgen-hooks: option "--live" is "x". Pass a port, or nothing.',
    ]);
  });
});

/** What the page hears. */
async function* listen(url: URL): AsyncGenerator<any, void, void> {
  const response = await fetch(new URL('events', url));
  let rest = '';
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    const messages = (rest + part).split('\n\n');
    rest = messages.pop()!;
    for (const text of messages) yield JSON.parse(text.slice('data: '.length));
  }
}

/** The addresses that somebody listens on at a port, by IPv4 or by IPv6. */
function addressesOf(port: string): string[] {
  const hex = Number(port).toString(16).toUpperCase().padStart(4, '0');
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local = '', , state]) => local.endsWith(`:${hex}`) && state === '0A')
      .map(([, local = '']) =>
        table === 'tcp6' ? local : Buffer.from(local.split(':')[0]!, 'hex').reverse().join('.'),
      ),
  );
}

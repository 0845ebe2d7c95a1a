import { afterAll, expect } from '@jest/globals';
import type { ConsoleMessage } from 'playwright-core';
import { browserTest, launch } from '../../environments/support/browser.js';
import { App, snippet } from './support/app.js';
import { printed, record, recordWithWords } from './support/expected.js';
import { startServer } from './support/server.js';

let launched: ReturnType<typeof launch> | undefined;
const openBrowser = () => (launched ??= launch());
afterAll(async () => (await launched)?.close());

const VITE = 'node_modules/vite/bin/vite.js';
const serve = (app: App, ...args: string[]) =>
  startServer(app.root, [VITE, ...args, '--host', '127.0.0.1', '--port', '0']);
const config = (options = ''): Record<string, string> => ({
  'vite.config.js': snippet('vite.config.js').replace(
    'asyncGenHooks()',
    `asyncGenHooks(${options})`,
  ),
});

interface Opened extends AsyncDisposable {
  /** How often the page was loaded. */
  readonly loads: () => number;
  /** What it prints next; throws what went wrong in it. */
  next(): Promise<any>;
}

async function open(url: string): Promise<Opened> {
  const page = await (await openBrowser()).newPage();
  const told: (string | Error)[] = [];
  // Vite's client tells of itself in other types.
  const isRecord = (message: ConsoleMessage): boolean => message.type() === 'log';
  let loads = 0;
  page.on('domcontentloaded', () => void loads++);
  page.on('pageerror', (error) => told.push(error));
  page.on('console', (message) => isRecord(message) && told.push(message.text()));
  await page.goto(url);
  return {
    loads: () => loads,
    async next() {
      if (told.length === 0) await page.waitForEvent('console', isRecord);
      const what = told.shift()!;
      if (typeof what === 'string') return JSON.parse(what);
      throw what;
    },
    [Symbol.asyncDispose]: () => page.close(),
  };
}

browserTest(
  'the dev server gives Chromium code whose hooks see every generator, and loads it once',
  async () => {
    using app = new App(config());
    await using server = await serve(app);
    await using page = await open(server.url);
    const told = await page.next();
    expect(told).toMatchObject({ printed, record, words: 'not hooked' });
    expect(told.stack).toMatch(/^Error: told\n/);
    // Dependencies found late are bundled then, and the page is loaded again.
    expect(server.printed()).not.toContain('reloading');
    expect(page.loads()).toBe(1);
  },
);

browserTest('the dev server compiles dependencies that it bundles beforehand', async () => {
  using app = new App(config('{ exclude: [] }'));
  await using server = await serve(app);
  await using page = await open(server.url);
  expect(await page.next()).toMatchObject({ printed, record: recordWithWords });
});

browserTest(
  'a generator that is written while the dev server runs is hooked without a reload',
  async () => {
    const items = (body: string): string => `export async function* items() { ${body} }\n`;
    using app = new App({
      ...config(),
      'index.html': '<script type="module" src="/src/hot.ts"></script>',
      'src/items.ts': items('yield 1;'),
      'src/hot.ts': `import { record } from './record';
import { items } from './items';
async function run(source: typeof items): Promise<void> {
  record.length = 0;
  for await (const _ of source());
  console.log(JSON.stringify(record));
}
void run(items);
import.meta.hot!.accept('./items', (changed) => void run(changed!.items));
`,
    });
    await using server = await serve(app);
    await using page = await open(server.url);
    expect(await page.next()).toEqual([
      'src/items.ts:1:7 gives 1',
      'src/items.ts:1:7 was exhausted',
    ]);
    app.write({
      'src/items.ts': `\n${items('yield* later();')}async function* later() { yield 2; }\n`,
    });
    expect(await page.next()).toEqual([
      'src/items.ts:3:0 gives 2',
      'src/items.ts:2:7 gives 2',
      'src/items.ts:3:0 was exhausted',
      'src/items.ts:2:7 was exhausted',
    ]);
    expect(page.loads()).toBe(1);
  },
);

browserTest('a production build runs in Chromium', async () => {
  using app = new App(config());
  await app.build(VITE, 'build');
  await using server = await serve(app, 'preview');
  await using page = await open(server.url);
  expect(await page.next()).toMatchObject({ printed, record, words: 'not hooked' });
});

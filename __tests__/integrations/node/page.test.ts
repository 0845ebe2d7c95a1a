import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { browserTest, launch } from '../../environments/support/browser.js';
import { NodeProject } from './support/node-project.js';

const hostile =
  '</script><script>document.title="owned"</script><img src=x onerror=\'document.title="owned"\'>';
const program = `const name = ${JSON.stringify(hostile)};
const bidi = 'a\\u202e\\u001b[31mb';
const source = {
  async *[name]() { yield 1; await 0; yield 2; }, // </script><script>document.title = 'owned'</script>
  async *[bidi]() { yield 1; },
};
async function* rows(n) {
  try {
    for (let id = 0; ; id++) yield id;
  } finally {
    await new Promise((go) => setTimeout(go, 5));
  }
}
for await (const id of rows()) if (id === 9) break;
for await (const item of source[name]());
await source[bidi]().next();
const held = (globalThis.held = rows());
await held.next();
await held.next();
`;
const project = new NodeProject({ 'app.mjs': program });
afterAll(() => project[Symbol.dispose]());

let launched: ReturnType<typeof launch> | undefined;
afterAll(async () => (await launched)?.close());

/** Opens a page that the command wrote; what goes wrong in it, or would be loaded, is in `errors`. */
async function open(file: string): Promise<{ page: Page; errors: string[] }> {
  const browser = await (launched ??= launch());
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().endsWith(file)) errors.push(`loads ${request.url()}`);
  });
  await page.goto(pathToFileURL(join(project.root, file)).href);
  await page.locator('.table .row').first().waitFor();
  return { page, errors };
}

const rowsOf = async (page: Page): Promise<string[][]> =>
  page
    .locator('.table .row')
    .evaluateAll((rows) =>
      rows.map((row) => Array.from((row as any).children, (cell: any) => cell.textContent)),
    );

const count = async (page: Page, color: string): Promise<number> =>
  page.evaluate((name) => {
    const { document, getComputedStyle } = globalThis as any;
    const canvas = document.querySelector('.lanes canvas');
    const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let found = 0;
    for (let at = 0; at < data.length; at += 4)
      if (wanted.every((value, i) => data[at + i] === value)) found++;
    return found;
  }, color);

describe('--html', () => {
  browserTest('shows lanes, a table and the source, and nothing of it is HTML', async () => {
    await project.bin(['--html', 'report.html', '--json', 'report.json', 'app.mjs']);
    const { page, errors } = await open('report.html');
    expect(await page.title()).toBe('asyncgen-hooks');
    const rows = await rowsOf(page);
    expect(rows.map(([name, place]) => [name, place]).sort()).toEqual([
      [hostile, 'app.mjs:4'],
      ['a\\u202e\\u001b[31mb', 'app.mjs:5'],
      ['rows', 'app.mjs:7'],
    ]);
    // What waits, what is parked, what closes, and items have colours of their own.
    for (const color of ['--parked', '--closing', '--items', '--bad', '--good'])
      expect([color, (await count(page, color)) > 10]).toEqual([color, true]);
    await page.getByText('rows', { exact: true }).click();
    expect(await page.locator('.line.here').first().textContent()).toMatch(
      /7.*async function\* rows\(n\)/,
    );
    await page.locator('.lanes canvas').click({ position: { x: 400, y: 30 } });
    expect(await page.locator('.details h2').first().textContent()).toContain('rows app.mjs:7');
    expect(await page.locator('.details').first().textContent()).toContain(
      'First iterated at app.mjs:18',
    );
    expect(await page.title()).toBe('asyncgen-hooks');
    expect(errors).toEqual([]);
  });

  browserTest('the table is sorted and searched', async () => {
    await project.bin(['--html', 'report.html', 'app.mjs']);
    const { page } = await open('report.html');
    const names = async (): Promise<unknown[]> => (await rowsOf(page)).map(([name]) => name);
    await page.getByRole('button', { name: 'items' }).click();
    expect((await names())[0]).toBe('rows');
    await page.getByRole('button', { name: 'items' }).click();
    expect((await names()).at(-1)).toBe('rows');
    await page.getByRole('searchbox').fill('APP.MJS:7');
    expect(await names()).toEqual(['rows']);
    await page.getByRole('tab', { name: '2 generators' }).click();
    expect((await rowsOf(page)).map(([name, , state]) => [name, state])).toEqual([
      ['rows', 'still open'],
      ['rows', 'closed'],
    ]);
  });

  browserTest('of what --json wrote it is the same page', async () => {
    await project.bin(['--html', 'report.html', '--json', 'report.json', 'app.mjs']);
    const { code } = await project.bin(['report', '--html', 'again.html', 'report.json']);
    expect(code).toBe(0);
    expect(project.read('again.html')).toBe(project.read('report.html'));
  });

  browserTest('of several runs, one of which was written before there were lanes', async () => {
    await project.bin(['--json', 'a.json', 'app.mjs']);
    const { lanes, startedAt, ...old } = project.readJson('a.json');
    expect([lanes.threads.length, startedAt > 0]).toEqual([1, true]);
    project.write({ 'old.json': old });
    const { code } = await project.bin([
      'report',
      '--html',
      'both.html',
      'a.json',
      'old.json',
      'a.json',
    ]);
    expect(code).toBe(0);
    const { page, errors } = await open('both.html');
    await page.getByRole('tab', { name: '8 generators' }).click();
    expect((await rowsOf(page)).length).toBe(8);
    expect(await page.locator('.verdict').textContent()).toContain('12 generators: ');
    expect(errors).toEqual([]);
  });

  browserTest('in the dark it is dark', async () => {
    await project.bin(['--html', 'report.html', 'app.mjs']);
    const { page } = await open('report.html');
    const paper = () =>
      page.evaluate(
        () =>
          (globalThis as any).getComputedStyle((globalThis as any).document.body).backgroundColor,
      );
    expect(await paper()).toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await paper()).toBe('rgb(20, 24, 29)');
    // The lanes are drawn anew some frames later; never, and the time of the test is over.
    while ((await count(page, '--bad')) <= 10)
      await page.evaluate(() => new Promise((globalThis as any).requestAnimationFrame));
  });

  browserTest('of 5,000 generators, only what can be seen is in the page, and drawn', async () => {
    project.write({
      'many.mjs': `async function* rows() { yield 1; yield 2; }
        globalThis.held = [];
        for (let i = 0; i < Number(process.argv[2]); i++) {
          const gen = rows();
          await gen.next();
          globalThis.held.push(gen);
        }`,
    });
    /** In the middle of 41 scrolls: what one takes until it is drawn. */
    const scroll = async (many: number): Promise<number> => {
      await project.bin([
        '--shutdown-timeout',
        '0',
        '--html',
        'many.html',
        'many.mjs',
        String(many),
      ]);
      const { page, errors } = await open('many.html');
      const lanes = Math.min(many, 5000).toLocaleString('en-US');
      await page.getByRole('tab', { name: `${lanes} generators` }).click();
      const note = await page.locator('.note').first().textContent();
      expect(note?.includes(' 10 more generators left no lane')).toBe(many > 5000);
      expect(await page.locator('.table .row').count()).toBeLessThan(40);
      const times = await page.evaluate(async () => {
        const { document, requestAnimationFrame } = globalThis as any;
        const taken: number[] = [];
        for (let i = 0; i < 41; i++) {
          for (const box of document.querySelectorAll('.lanes, .table .body'))
            box.scrollTop = (box.scrollHeight * i) / 60;
          const begin = performance.now();
          await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
          taken.push(performance.now() - begin);
        }
        return taken.sort((a, b) => a - b);
      });
      expect(errors).toEqual([]);
      await page.close();
      return times[20]!;
    };
    const [few, all] = [await scroll(100), await scroll(5010)];
    // Frames of 17 ms: what takes longer than a hundred generators do is a stutter.
    expect(all).toBeLessThan(4 * Math.max(few, 34));
  });
});

describe('the lanes', () => {
  test('are bounded, and what was left is among them whatever came later', async () => {
    project.write({
      'crowd.mjs': `async function* short() { yield 1; }
        async function* long() { for (let i = 0; i < 30_000; i++) yield i; }
        const held = (globalThis.held = short());
        await held.next();
        for (let i = 0; i < 6000; i++) {
          for await (const _ of short());
          if (i % 100 === 0) await new Promise(setImmediate);
        }
        for await (const _ of long());`,
    });
    await project.bin(['--shutdown-timeout', '0', '--json', 'crowd.json', 'crowd.mjs']);
    const { lanes, generators } = project.readJson('crowd.json');
    const [{ lanes: all, more }] = lanes.threads;
    expect([all.length, more]).toEqual([5000, 1002]);
    expect(all[0]).toMatchObject({ id: 0, how: 'still open', isLeft: true, items: 1 });
    const long = all.at(-1);
    expect([long.how, long.items, lanes.sites[long.site].name]).toEqual([
      'exhausted',
      30_000,
      'long',
    ]);
    const steps = long.steps.split(',').map(Number);
    expect(steps.length / 5).toBeLessThanOrEqual(512);
    // Where neighbours are one, no item is lost.
    const items = steps.filter((_: number, i: number) => i % 5 === 3);
    expect(items.reduce((sum: number, each: number) => sum + each, 0)).toBe(30_000);
    expect(generators.find(({ name }: any) => name === 'long').items).toBe(30_000);
  });

  test('tell of workers and of other processes', async () => {
    project.write({
      'parent.mjs': `import { fork } from 'node:child_process';
        import { Worker } from 'node:worker_threads';
        fork('app.mjs');
        new Worker('./app.mjs');`,
    });
    await project.bin(['--json', 'parent.json', 'parent.mjs']);
    const { threads, sites } = project.readJson('parent.json').lanes;
    const names = threads.map(
      ({ lanes }: any) => lanes.map(({ site }: any) => sites[site].name).length,
    );
    expect(names.sort()).toEqual([0, 4, 4]);
  });
});

describe('--open', () => {
  test('shows the page by what BROWSER names', async () => {
    project.write({
      browser: '#!/bin/sh\nprintf %s "$1" > "opened.part"; mv opened.part opened\n',
    });
    const script = `import { spawnSync } from 'node:child_process';
      import { existsSync } from 'node:fs';
      spawnSync('chmod', ['755', 'browser']);
      const [bin, ...args] = process.argv.slice(2);
      spawnSync(process.execPath, [bin, ...args], { env: { ...process.env, BROWSER: './browser' } });
      while (!existsSync('opened')) await new Promise((go) => setTimeout(go, 20));`;
    project.write({ 'start.mjs': script });
    const bin = 'node_modules/asyncgen-hooks/dist/bin.cjs';
    await project.start(['start.mjs', bin, '--html', 'report.html', '--open', 'app.mjs']);
    expect(project.read('opened')).toBe(pathToFileURL(join(project.root, 'report.html')).href);
  });

  test('says where the page is, if that program is none', async () => {
    const env = { BROWSER: './none' };
    // The file is where it was named, wherever the program went.
    project.write({ 'moves.mjs': `import './app.mjs';\nprocess.chdir('tmp');\n` });
    const args = ['--html', 'r.html', '--open', 'moves.mjs'];
    const { code, stderr } = await project.bin(args, { env });
    expect(code).toBe(0);
    expect(stderr).toContain(
      `asyncgen-hooks: Cannot start ./none for --open. Set BROWSER to a program that shows pages, or open it by hand: ${pathToFileURL(join(project.root, 'r.html')).href}\n`,
    );
  });

  test('needs a page', async () => {
    const { code, stderr } = await project.bin(['--open', 'app.mjs']);
    expect([code, stderr]).toEqual([
      1,
      'asyncgen-hooks/node: --open has no page to show. Name one: --html report.html, or --live.\nSee asyncgen-hooks/docs/errors.md#err_asyncgen_option\n',
    ]);
  });
});

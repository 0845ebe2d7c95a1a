import { afterAll, describe, expect, test } from '@jest/globals';
import { showAsyncGens } from 'asyncgen-hooks/devtools';
import { bundle } from '../environments/support/bundle.js';
import { browserTest, launch } from '../environments/support/browser.js';
import { Project } from '../environments/support/project.js';
import { compileHooked } from '../helpers/babel.js';
import { gen } from '../helpers/generators.js';

let launched: ReturnType<typeof launch> | undefined;
afterAll(async () => (await launched)?.close());

const PAGE = `
import { showAsyncGens } from 'asyncgen-hooks/devtools';
async function* rows() { yield 1; yield 2; }
async function* broken() { yield 1; throw new Error('own'); }
const shown = showAsyncGens({ filter: ({ name }) => name !== 'quiet' });
async function* quiet() {}
for await (const row of rows());
for await (const row of rows()) break;
for await (const row of broken()) break;
await broken().throw(new Error('asked for')).catch(() => {});
for await (const each of quiet());
const held = rows();
await held.next();
shown.remove();
console.log(JSON.stringify(performance.getEntriesByType('measure').length));
`;

interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly args: { detail?: string; data?: { detail?: string } };
}

browserTest('in the trace of a real Chromium each function has a track', async () => {
  using project = new Project({
    'main.mjs': compileHooked(PAGE, { sourceType: 'module', filename: '/project/src/main.mjs' }),
  });
  const content = await bundle(project, 'main.mjs', { format: 'esm' });
  const browser = await (launched ??= launch());
  const page = await browser.newPage();
  const cdp = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  cdp.on('Tracing.dataCollected', ({ value }) => void events.push(...(value as never[])));
  const complete = new Promise<void>((resolve) =>
    cdp.once('Tracing.tracingComplete', () => resolve()),
  );
  await cdp.send('Tracing.start', { traceConfig: { includedCategories: ['blink.user_timing'] } });
  const [line] = await Promise.all([
    page.waitForEvent('console', { timeout: 60_000 }),
    page.addScriptTag({ content, type: 'module' }),
  ]);
  await cdp.send('Tracing.end');
  await complete;
  await page.close();

  expect(line.text()).toBe('0');
  const entries = events
    .map(({ args }) => args.detail ?? args.data?.detail)
    .filter((detail) => detail !== undefined)
    .map((detail) => JSON.parse(detail).devtools);
  expect(new Set(entries.map(({ trackGroup }) => trackGroup))).toEqual(
    new Set(['Async generators']),
  );
  const shown = entries.map(({ track, color, properties }) => [
    track,
    color,
    ...properties.slice(0, 2).map(([, value]: string[]) => value),
  ]);
  expect(shown).toEqual([
    ['rows', 'primary', 'exhausted', '2'],
    ['rows', 'secondary', 'closed', '1'],
    ['broken', 'secondary', 'closed', '1'],
    ['broken', 'error', 'failed', '0'],
    ['rows', 'tertiary', 'open', '1'],
  ]);
  expect(entries[0].properties[2]).toEqual(['place', 'rows (src/main.mjs:3:1)']);
});

describe('showAsyncGens()', () => {
  test('leaves no measure behind, and shows what is open when it is removed', async () => {
    const drawn: unknown[] = [];
    const observer = new PerformanceObserver((list) =>
      drawn.push(...list.getEntries().map(({ name }) => name)),
    );
    observer.observe({ entryTypes: ['measure'] });
    const shown = showAsyncGens();
    const held = gen('yield 1;')();
    await held.next();
    shown.remove();
    shown.remove();
    await new Promise(setImmediate);
    observer.disconnect();
    expect(drawn).toEqual(['asyncgen gen']);
    expect(performance.getEntriesByName('asyncgen gen')).toEqual([]);
  });

  test('refuses an unknown option', () => {
    expect(() => showAsyncGens({ fliter: 1 } as never)).toThrow('Did you mean "filter"?');
  });
});

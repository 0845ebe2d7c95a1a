import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { packageRoot, Project } from '../environments/support/project.js';
import { makeProject } from './support/program.js';
import { Receiver, type Span } from './support/receiver.js';

/** The programs are compiled by whichever Babel; what is asked here has nothing to do with it. */
const once = process.env.BABEL === '8' ? describe.skip : describe;

const receiver = new Receiver();
beforeAll(async () => {
  process.env.OTLP_URL = await receiver.start();
});
afterAll(() => receiver.stop());

/** Runs a program; what it printed, and the spans that have arrived. */
async function run(name: string, ...args: string[]): Promise<{ stdout: string; spans: Span[] }> {
  using project = makeProject(name, 'sdk.mjs');
  const { status, stdout, stderr } = await project.run(name, ...args);
  expect([status, stderr]).toEqual([0, '']);
  return { stdout, spans: receiver.take() };
}

/** In no order: the SDK's clocks are not as fine as that. */
const sorted = (list: readonly unknown[]): unknown[] =>
  [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

const parents = (spans: readonly Span[]): unknown[] =>
  sorted(spans.map(({ name, parent }) => [name, parent]));

once('a span for each generator', () => {
  let spans: Span[];
  beforeAll(async () => {
    ({ spans } = await run('ends.mjs'));
  });
  const the = (name: string): Span => spans.find((span) => span.name === name)!;

  test('has ended, and is a child of the span of the call', () => {
    const generators = spans.filter(({ attributes }) => 'code.function.name' in attributes);
    expect(parents(generators)).toEqual(
      sorted([
        ['exhausted', 'root'],
        ['closed', 'root'],
        ['failed', 'root'],
        ['outer', 'root'],
        ['inner', 'outer'],
        ['abandoned', 'root'],
        ['open', 'root'],
      ]),
    );
    expect(generators.every(({ endTimeUnixNano }) => Number(endTimeUnixNano) > 0)).toBe(true);
  });

  test('is the parent of what the body does, its finally blocks included', () => {
    expect(parents(spans.filter(({ name }) => name.startsWith('in ')))).toEqual(
      sorted([
        ['in exhausted', 'exhausted'],
        ['in exhausted', 'exhausted'],
        ['in finally', 'closed'],
        ['in inner', 'inner'],
        ['in abandoned', 'abandoned'],
      ]),
    );
  });

  test('says how it has ended, and after how many items', () => {
    const how = ['exhausted', 'closed', 'failed', 'abandoned', 'open'].map((name) => [
      the(name).attributes['asyncgen.outcome'],
      Number(the(name).attributes['asyncgen.items']),
    ]);
    expect(how).toEqual([
      ['exhausted', 2],
      ['closed', 1],
      ['failed', 1],
      ['abandoned', 1],
      ['open', 1],
    ]);
  });

  test('says where its function stands, and how long things took', () => {
    const { attributes } = the('exhausted');
    expect(attributes).toMatchObject({
      'code.function.name': 'exhausted',
      'code.file.path': 'src/ends.mjs',
      'code.line.number': 7,
      'asyncgen.time_to_first_item': expect.any(Number),
      'asyncgen.longest_wait': expect.any(Number),
    });
    const [first, longest] = ['time_to_first_item', 'longest_wait'].map((name) =>
      Number(attributes[`asyncgen.${name}`]),
    );
    expect(first! > 0 && longest! > 0 && longest! < 60).toBe(true);
  });

  test('of one that failed has the exception and the status', () => {
    const { status, events, attributes } = the('failed');
    expect(status).toEqual({ code: 2, message: 'no such row' });
    expect(events.map(({ name }) => name)).toEqual(['exception']);
    expect(attributes['error.type']).toBe('TypeError');
    expect(the('closed').status.code).toBe(0);
  });
});

once('the caller of a generator is the parent', () => {
  const ALL = [
    ['handler', undefined],
    ['answer', 'handler'],
    ['before', 'answer'],
    ['writer', undefined],
    ['after', 'answer'],
    ['handler', undefined],
    ['reader', undefined],
    ['answer', 'handler'],
    ['before', 'answer'],
    ['after', 'answer'],
    ['answer', undefined],
    ['before', 'answer'],
    ['after', 'answer'],
  ];

  test('natively that of whoever asks for the step is', async () => {
    const { spans } = await run('parents.mjs', '--native');
    const marks = spans.filter(({ name }) => name === 'before' || name === 'after');
    expect(parents(marks)).toEqual([
      ['after', 'reader'],
      ['after', 'writer'],
      ['after', undefined],
      ['before', 'reader'],
      ['before', undefined],
      ['before', undefined],
    ]);
  });

  test('whoever asks for its steps, who is a link', async () => {
    const { spans, stdout } = await run('parents.mjs');
    expect(parents(spans)).toEqual(sorted(ALL));
    expect(spans.flatMap(({ links }) => links)).toEqual(['reader']);
    expect(JSON.parse(stdout)).toEqual([null, null]);
  });

  for (const order of ['--keep-first', '--keep-second'])
    test(`and keepAsyncContext() keeps other stores beside it (${order})`, async () => {
      const { spans, stdout } = await run('parents.mjs', order);
      expect(parents(spans)).toEqual(sorted(ALL));
      expect(JSON.parse(stdout)).toEqual(['request', 'request']);
    });
});

once('the configuration', () => {
  const names = async (given: object): Promise<string[]> => {
    const { spans } = await run('config.mjs', JSON.stringify(given));
    return spans.map(({ name }) => name).sort();
  };
  test('by default: all, while it is enabled', async () => {
    expect(await names({ config: {} })).toEqual(['again', 'quiet', 'root', 'rows', 'rows', 'rows']);
  });

  test('filter, spanName, requireParentSpan', async () => {
    const config = { filter: 'quiet', spanName: 'stream ', requireParentSpan: true };
    expect(await names({ config })).toEqual(['again', 'root', 'stream rows', 'stream rows']);
  });

  test('itemEvents', async () => {
    const { spans } = await run('config.mjs', JSON.stringify({ config: { itemEvents: true } }));
    const events = spans.map((span) => [span.name, span.events.map(({ name }) => name)]);
    expect(events.find(([name]) => name === 'rows')).toEqual([
      'rows',
      ['asyncgen.item', 'asyncgen.item'],
    ]);
  });

  test('of a sampler that takes none: no span arrives', async () => {
    expect(await names({ config: {}, ratio: 0 })).toEqual([]);
  });
});

once('without the optional peers', () => {
  const refusal = {
    code: 'ERR_ASYNCGEN_PEER',
    message:
      'asyncgen-hooks/opentelemetry: Cannot load @opentelemetry/api. ' +
      'Install it: npm install @opentelemetry/api @opentelemetry/instrumentation; ' +
      'a bundle has to leave @opentelemetry/* and asyncgen-hooks/opentelemetry external.',
  };

  for (const file of ['opentelemetry.mjs', 'opentelemetry.cjs'])
    test(`${file} says what to install`, async () => {
      using project = new Project();
      project.install('asyncgen-hooks', `${__dirname}/../..`, ['dist', 'package.json']);
      const code = `import('./node_modules/asyncgen-hooks/dist/${file}').catch(({ code, message }) =>
        console.log(JSON.stringify({ code, message })))`;
      expect(await project.runForRecord('-e', code)).toEqual(refusal);
    });

  for (const format of ['esm', 'cjs'] as const)
    test(`a bundle that has it inside says so (${format})`, async () => {
      using project = new Project();
      const { outputFiles } = await build({
        entryPoints: [join(packageRoot, 'dist/opentelemetry.mjs')],
        bundle: true,
        platform: 'node',
        format,
        write: false,
        logOverride: { 'empty-import-meta': 'silent' },
      });
      const file = format === 'esm' ? 'bundle.mjs' : 'bundle.cjs';
      project.write({ [file]: outputFiles[0]!.text });
      const code = `import('./${file}').catch(({ code, message }) =>
        console.log(JSON.stringify({ code, message })))`;
      expect(await project.runForRecord('-e', code)).toEqual(refusal);
    });
});

import { describe, expect, test } from '@jest/globals';
import { create } from '@apm-js-collab/code-transformer';
import { addAsyncGenHooks, describeAsyncGen } from 'asyncgen-hooks';
import { asyncGenTransform } from 'asyncgen-hooks/code-transformer';
import { collect } from '../helpers/generators.js';
import { run } from '../helpers/run.js';

type Query = Record<string, unknown>;

/** What a pipeline of others makes of a file of a package. */
function transform(source: string, functionQuery: Query, moduleType = 'cjs', options = {}): string {
  const matcher = create([
    {
      channelName: 'rows',
      module: { name: 'driver', versionRange: '*', filePath: 'lib/index.js' },
      functionQuery: { kind: 'Async', index: null, ...functionQuery } as never,
      transform: 'asyncgen',
    },
  ]);
  matcher.addTransform('asyncgen', asyncGenTransform(options) as never);
  const transformer = matcher.getTransformer('driver', '1.0.0', 'lib/index.js')!;
  return transformer.transform(source, moduleType as never).code;
}

const BODY = `{
  try {
    if (count === 0) return;
    for await (const each of [1]) yield each;
    yield* [2, 3];
    return 'end';
  } finally {
    log.push('finally');
  }
}`;

/** A form of a function `rows(log, count)`, how a query finds it, and the name of its site. */
const FORMS: Record<string, [source: string, query: Query, name: string]> = {
  declaration: [
    `async function* rows(log, count) ${BODY} module.exports = rows;`,
    { functionName: 'rows' },
    'rows',
  ],
  'declaration in a function': [
    `module.exports = (() => { 'use strict'; return rows; async function* rows(log, count) ${BODY} })();`,
    { functionName: 'rows' },
    'rows',
  ],
  expression: [
    `const rows = async function* (log, count) ${BODY}; module.exports = rows;`,
    { expressionName: 'rows' },
    'rows',
  ],
  'named expression': [
    `module.exports = async function* rows(log, count) ${BODY};`,
    { expressionName: 'rows' },
    'rows',
  ],
  'method of an object': [
    `module.exports = { async *rows(log, count) ${BODY} }.rows;`,
    { methodName: 'rows' },
    'rows',
  ],
  'method of a class': [
    `class Driver { async *rows(log, count) ${BODY} }
     module.exports = (...args) => new Driver().rows(...args);`,
    { className: 'Driver', methodName: 'rows' },
    'rows',
  ],
  'static method': [
    `class Driver { static async *rows(log, count) ${BODY} }
     module.exports = (...args) => Driver.rows(...args);`,
    { className: 'Driver', methodName: 'rows' },
    'rows',
  ],
  'private method': [
    `class Driver { async *#rows(log, count) ${BODY} all(...args) { return this.#rows(...args); } }
     module.exports = (...args) => new Driver().all(...args);`,
    { className: 'Driver', privateMethodName: 'rows' },
    '#rows',
  ],
};

/** What the hooks see of three generators: read to the end, left, and one without items. */
async function seenOf(rows: (log: string[], count: number) => AsyncGenerator): Promise<unknown> {
  const log: string[] = [];
  const hooks = addAsyncGenHooks({
    firstiter: (_gen, { site }) => void log.push(`begun ${site.name}`),
    iter: (_gen, value) => void log.push(`item ${value}`),
    finalizer: (_gen, outcome) => void log.push(outcome.type),
  });
  try {
    const items = await collect(rows(log, 3));
    for await (const _ of rows(log, 3)) break;
    await collect(rows(log, 0));
    return { items, log };
  } finally {
    hooks.remove();
  }
}

describe('in the pipeline of @apm-js-collab/code-transformer', () => {
  for (const [form, [source, query, name]] of Object.entries(FORMS))
    test(`hooks see the generators of a ${form}`, async () => {
      const rows = run(transform(source, query)) as never;
      expect(await seenOf(rows)).toEqual({
        items: [1, 2, 3],
        log: [
          ...[`begun ${name}`, 'item 1', 'item 2', 'item 3', 'finally', 'exhausted'],
          ...[`begun ${name}`, 'item 1', 'finally', 'closed'],
          ...[`begun ${name}`, 'finally', 'exhausted'],
        ],
      });
    });

  test('a site is the package, the file, the line and the column', () => {
    const [source, query] = FORMS.declaration!;
    const rows = run(transform(`\n${source}`, query)) as unknown as () => AsyncGenerator;
    expect(describeAsyncGen(rows())).toEqual({
      name: 'rows',
      file: 'driver/lib/index.js',
      line: 2,
      column: 0,
    });
  });

  test('a module imports the shim, and exports what it did', () => {
    const source =
      'export async function* rows() { yield 1; }\nexport default async function* () {}';
    const code = transform(source, { functionName: 'rows' }, 'esm', { importSource: '/shim.mjs' });
    expect(code).toMatch(/^import \{.*\} from "\/shim\.mjs";/);
    expect(code).toContain('export function rows()');
    expect(code).toContain('export default async function* ');
  });

  test('function declarations of a body that share a name stay what they were', async () => {
    const source = `async function* rows(a) { yield a(); var a; function a() { return 1; } function a() { return 2; } }
      module.exports = rows;`;
    const rows = run(
      transform(source, { functionName: 'rows' }),
    ) as unknown as () => AsyncGenerator;
    expect(await collect(rows())).toEqual([2]);
  });

  test('what is no async generator function stays as it is', () => {
    const source = 'async function rows() {\n  return 1;\n}\n';
    expect(transform(source, { functionName: 'rows' })).toBe(source);
  });

  test('a method of an object that uses super is refused', () => {
    const source = 'module.exports = { async *rows() { yield super.rows; } };';
    expect(() => transform(source, { methodName: 'rows' })).toThrow('uses super. Leave it out.');
  });

  test('an unknown option is refused', () => {
    expect(() => asyncGenTransform({ importSorce: '' } as never)).toThrow(
      'Did you mean "importSource"?',
    );
  });
});

import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AnyMap, originalPositionFor } from '@jridgewell/trace-mapping';
import { browserTest, launch } from '../../environments/support/browser.js';
import { packageRoot, Project, PUBLISHED } from '../../environments/support/project.js';
import { describeSwc, wasm } from '../../swc/support.js';
import { snippet } from './support/app.js';
import { startServer } from './support/server.js';

let launched: ReturnType<typeof launch> | undefined;
const openBrowser = () => (launched ??= launch());
afterAll(async () => (await launched)?.close());

const NEXT = 'node_modules/next/dist/bin/next';

/**
 * The snippet of the docs, with what links out of the folder and source maps need. Which files a deployment needs is
 * not asked here, and takes half of the time. A build takes so long that one shows both: the loader compiles all but
 * `app/swc`, and the SWC plugin, where it is built, finds that alone uncompiled.
 */
const config = `import config from './readme.config.mjs';
export default {
  ...config,
  outputFileTracingExcludes: { '*': ['**/*'] },
  turbopack: { ...config.turbopack, root: '/' },
  experimental: {
    swcPlugins: ${existsSync(wasm) ? "[['asyncgen-hooks/swc', {}]]" : '[]'},
    turbopackScopeHoisting: false,
    serverSourceMaps: true,
  },
  typescript: { ignoreBuildErrors: true },
};
`;

const LOADER = /loader(?:: | = )?'asyncgen-hooks\/loader'(?:, options: \{\})?/g;

/** The loader of the snippet, for all files but those of the SWC plugin. */
const withoutSwc = (text: string): string =>
  text.replaceAll(
    LOADER,
    "loader: 'asyncgen-hooks/loader', options: { exclude: ['**/app/swc/**'] }",
  );

function makeApp(): Project {
  const project = new Project();
  cpSync(join(packageRoot, 'fixtures/next'), project.root, { recursive: true });
  const plugin = existsSync(wasm) ? ['swc/asyncgen_hooks.wasm', 'swc/package.json'] : [];
  project.install('asyncgen-hooks', packageRoot, [...PUBLISHED, ...plugin]);
  for (const name of ['next', 'react', 'react-dom', 'typescript', '@types/react', '@types/node']) {
    project.link(name, join(packageRoot, 'node_modules', name));
  }
  return project.write({
    'readme.config.mjs': withoutSwc(snippet('next.config.mjs')),
    'next.config.mjs': config,
  });
}

/** Where the first frame of a stack is in the source. */
function original(stack: string): { source: string | null; line: number | null } {
  const [, file, line, column] = /\(?(\/[^()]+?):(\d+):(\d+)\)?$/m.exec(stack)!;
  const map = new AnyMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  const found = originalPositionFor(map, { line: Number(line), column: Number(column) - 1 });
  return { source: found.source, line: found.line };
}

describe.each([
  ['Turbopack', []],
  ['webpack', ['--webpack']],
] as const)('Next.js with %s', (name, flags) => {
  let app: Project;
  let server: Awaited<ReturnType<typeof startServer>>;
  const tell = async (route: string): Promise<any> => (await fetch(server.url + route)).json();

  beforeAll(async () => {
    app = makeApp();
    const { status, stdout, stderr } = await app.run(NEXT, 'build', ...flags);
    if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
    server = await startServer(app.root, [NEXT, 'start', '--port', '0']);
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    app?.[Symbol.dispose]();
  });

  test('hooks see the server', async () => {
    const { record, stack } = await tell('/loader');
    expect(record).toEqual(['app/loader/route.ts:5:0 was failed']);
    const source = expect.stringMatching(/app\/loader\/route\.ts$/);
    expect(original(stack)).toEqual({ source, line: 7 });
  });

  browserTest('hooks see the page', async () => {
    const page = await (await openBrowser()).newPage();
    const [printed] = await Promise.all([
      page.waitForEvent('console', (message) => message.type() === 'log'),
      page.goto(server.url),
    ]);
    expect(JSON.parse(printed.text())).toEqual(['app/live.tsx:6:0 was exhausted']);
    expect(await page.textContent('li')).toBe('from the server');
    await page.close();
  });

  describeSwc('and the SWC plugin', () => {
    test('hooks see the server', async () => {
      const { record, stack } = await tell('/swc');
      // Turbopack hands over files relative to its root, which is `/` here.
      const folder = name === 'Turbopack' ? `${relative('/', app.root)}/` : '';
      expect(record).toEqual([`${folder}app/swc/route.ts:5:0 was failed`]);
      const source = expect.stringMatching(/app\/swc\/route\.ts$/);
      expect(original(stack)).toEqual({ source, line: 7 });
    });
  });
});

import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { AnyMap, originalPositionFor } from '@jridgewell/trace-mapping';
import { browserTest, launch } from '../../environments/support/browser.js';
import { packageRoot, Project, PUBLISHED } from '../../environments/support/project.js';
import { snippet } from './support/app.js';
import { startServer } from './support/server.js';

let launched: ReturnType<typeof launch> | undefined;
const openBrowser = () => (launched ??= launch());
afterAll(async () => (await launched)?.close());

const NEXT = 'node_modules/next/dist/bin/next';

/**
 * The snippet of the docs, with what links out of the folder and source maps need. Which files a deployment needs is
 * not asked here, and takes half of the time.
 */
const config = `import config from './readme.config.mjs';
export default {
  ...config,
  outputFileTracingExcludes: { '*': ['**/*'] },
  turbopack: { ...config.turbopack, root: '/' },
  experimental: { turbopackScopeHoisting: false, serverSourceMaps: true },
  typescript: { ignoreBuildErrors: true },
};
`;

function makeApp(): Project {
  const project = new Project();
  cpSync(join(packageRoot, 'fixtures/next'), project.root, { recursive: true });
  project.install('asyncgen-hooks', packageRoot, PUBLISHED);
  for (const name of ['next', 'react', 'react-dom', 'typescript', '@types/react', '@types/node']) {
    project.link(name, join(packageRoot, 'node_modules', name));
  }
  return project.write({
    'readme.config.mjs': snippet('next.config.mjs'),
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

for (const [name, flags] of [
  ['Turbopack', []],
  ['webpack', ['--webpack']],
] as const) {
  browserTest(`Next.js with ${name} builds, serves, and hooks see both sides`, async () => {
    using app = makeApp();
    const { status, stdout, stderr } = await app.run(NEXT, 'build', ...flags);
    if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
    await using server = await startServer(app.root, [NEXT, 'start', '--port', '0']);

    const told: any = await (await fetch(`${server.url}/told`)).json();
    expect(told.record).toEqual(['app/told/route.ts:5:0 was failed']);
    expect(original(told.stack)).toEqual({
      source: expect.stringMatching(/app\/told\/route\.ts$/),
      line: 7,
    });

    const page = await (await openBrowser()).newPage();
    const [printed] = await Promise.all([
      page.waitForEvent('console', (message) => message.type() === 'log'),
      page.goto(server.url),
    ]);
    expect(JSON.parse(printed.text())).toEqual(['app/live.tsx:6:0 was exhausted']);
    expect(await page.textContent('li')).toBe('from the server');
    await page.close();
  });
}

import { cpSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { AnyMap, originalPositionFor } from '@jridgewell/trace-mapping';
import { packageRoot, Project, PUBLISHED } from '../environments/support/project.js';
import { startServer } from '../integrations/bundlers/support/server.js';
import { describeSwc } from './support.js';

const NEXT = 'node_modules/next/dist/bin/next';
// What a deployment needs of the files is not asked here, and takes half of the time.
const config = `export default {
  outputFileTracingExcludes: { '*': ['**/*'] },
  experimental: {
    swcPlugins: [['asyncgen-hooks/swc', {}]],
    turbopackScopeHoisting: false,
    serverSourceMaps: true,
  },
  turbopack: { root: '/' },
  typescript: { ignoreBuildErrors: true },
};
`;

function makeApp(): Project {
  const project = new Project();
  cpSync(join(packageRoot, 'fixtures/next'), project.root, { recursive: true });
  project.install('asyncgen-hooks', packageRoot, [
    ...PUBLISHED,
    'swc/asyncgen_hooks.wasm',
    'swc/package.json',
  ]);
  for (const name of ['next', 'react', 'react-dom', 'typescript', '@types/react', '@types/node'])
    project.link(name, join(packageRoot, 'node_modules', name));
  return project.write({ 'next.config.mjs': config });
}

/** Where the first frame of a stack is in the source. */
function original(stack: string): { source: string | null; line: number | null } {
  const [, file, line, column] = /\(?(\/[^()]+?):(\d+):(\d+)\)?$/m.exec(stack)!;
  const map = new AnyMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  const found = originalPositionFor(map, { line: Number(line), column: Number(column) - 1 });
  return { source: found.source, line: found.line };
}

describeSwc('the SWC plugin in Next.js', () => {
  test.each([
    ['Turbopack', []],
    ['webpack', ['--webpack']],
  ] as const)('with %s: it builds, serves, and hooks see the server', async (name, flags) => {
    using app = makeApp();
    const { status, stdout, stderr } = await app.run(NEXT, 'build', ...flags);
    if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
    await using server = await startServer(app.root, [NEXT, 'start', '--port', '0']);
    const told: any = await (await fetch(`${server.url}/told`)).json();
    // Turbopack hands over files relative to its root, which is `/` here.
    const folder = name === 'Turbopack' ? `${relative('/', app.root)}/` : '';
    expect(told.record).toEqual([`${folder}app/told/route.ts:5:0 was failed`]);
    expect(original(told.stack)).toEqual({
      source: expect.stringMatching(/app\/told\/route\.ts$/),
      line: 7,
    });
  });
});

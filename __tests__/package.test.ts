import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  mkdirSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import manifest from '../package.json' with { type: 'json' };
import { blocksOf } from './helpers/docs.js';

const root = join(__dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'asyncgen-hooks-'));
let tarball: string;

interface Conditions {
  readonly import: { readonly default: string };
  readonly require: { readonly default: string; readonly types: string };
}
/** The entries beside the main one, by their names. */
const conditionsOf = Object.fromEntries(
  Object.entries(manifest.exports)
    .filter(([, conditions]) => typeof conditions === 'object')
    .map(([entry, conditions]) => [entry.slice(2), conditions as Conditions]),
);
const entries = Object.keys(conditionsOf).filter((entry) => entry !== '');

const sh = (command: string, cwd = folder): string =>
  execFileSync('sh', ['-c', command], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

beforeAll(() => {
  const [packed] = JSON.parse(sh(`npm pack --json --pack-destination "${folder}"`, root));
  tarball = join(folder, packed.filename);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  test('the start of the page on Babel works in an empty folder, to the letter', () => {
    const project = join(folder, 'project');
    mkdirSync(project);
    const shell: string[] = [];
    const found = blocksOf('babel.md');
    for (const { file, text } of found) {
      if (file === undefined) continue;
      mkdirSync(dirname(join(project, file)), { recursive: true });
      writeFileSync(join(project, file), text);
    }
    for (const { language, text } of found) {
      if (language === 'sh')
        shell.push(sh(text.replace('install asyncgen-hooks', `install "${tarball}"`), project));
    }
    const printed = found.find(({ language }) => language === 'text')!.text;
    expect(found.map(({ language }) => language)).toEqual(['sh', 'json', 'js', 'sh', 'text']);
    expect(shell.at(-1)).toContain(printed);
  });

  test('holds what is needed and nothing else', () => {
    const files = sh(`tar -tzf "${tarball}"`).trim().split('\n');
    const forOldResolvers = entries.map((entry) => `package/${entry}/package.json`);
    const others = files.filter((file) => !forOldResolvers.includes(file));
    expect(others.filter((file) => !/^package\/(?:dist|docs|src)\//.test(file)).sort()).toEqual([
      'package/LICENSE',
      'package/README.md',
      'package/package.json',
      ...(existsSync(join(root, 'swc/asyncgen_hooks.wasm'))
        ? ['package/swc/asyncgen_hooks.wasm']
        : []),
      'package/swc/package.json',
    ]);
    // Messages name it, and the README and it lead to the others.
    expect(files).toContain('package/docs/errors.md');
    expect(files.some((file) => file.includes('__tests__') || file.endsWith('.ts.map'))).toBe(
      false,
    );
  });

  test('has each source map that a file of it names, and each source that those lead to', () => {
    const packed = new Set(sh(`tar -tzf "${tarball}"`).trim().split('\n'));
    const maps = [...packed].filter((file) => file.endsWith('.map'));
    const lost = maps.flatMap((file) => {
      const text = readFileSync(join(root, file.replace(/^package\//, '')), 'utf8');
      const map = JSON.parse(text) as { sources: string[]; sourcesContent: (string | null)[] };
      const sources = map.sources.filter((_, i) => map.sourcesContent[i] === null);
      return sources.filter((source) => !packed.has(join(dirname(file), source)));
    });
    expect([maps.length > 0, lost]).toEqual([true, []]);
    const unmapped = [...packed]
      .filter((file) => /\.[cm]?[jt]s$/.test(file))
      .filter((file) => {
        const text = readFileSync(join(root, file.replace(/^package\//, '')), 'utf8');
        return /^\/\/# sourceMappingURL=/m.test(text) && !packed.has(`${file}.map`);
      });
    expect(unmapped).toEqual([]);
    // As source-map-support, which Jest has, looks for the last one in a file: what compiles must not have the text of one.
    const mistaken = [...packed]
      .filter((file) => /\.[cm]?js$/.test(file))
      .filter((file) => {
        const text = readFileSync(join(root, file.replace(/^package\//, '')), 'utf8');
        const urls = [...text.matchAll(/\/[/*][#@]\s*sourceMappingURL=([^\s'"]+)/g)];
        return urls.length > 0 && `${basename(file)}.map` !== urls.at(-1)![1];
      });
    expect(mistaken).toEqual([]);
  });

  test('prints a short line where an uncaught error was made, not all of a minified file', () => {
    const files = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => /\.[cm]js$/.test(file),
    );
    const long = files.filter((file) => {
      const lines = readFileSync(join(root, 'dist', file), 'utf8').split('\n');
      // The tables of letters that identifiers have are no place for an error.
      return lines.some((line) => line.replace(/[^\0-\x7f]+|\\u\w{4}/g, '').length > 1500);
    });
    expect(long).toEqual([]);
  });

  test.each(['index', 'shim', 'lifecycle', 'context', 'diagnostics', 'devtools'])(
    'dist/%s.cjs makes Node load no module of its own, and nothing that is not ours',
    (name) => {
      const program = `const before = new Set(process.moduleLoadList);
        require('./dist/${name}.cjs');
        const files = Object.keys(require.cache).filter((file) => file.includes('node_modules'));
        console.log(process.moduleLoadList.filter((each) => !before.has(each)).concat(files).join());`;
      expect(sh(`"${process.execPath}" -e "${program.replaceAll('\n', ' ')}"`, root).trim()).toBe(
        '',
      );
    },
  );

  describe('without "exports", each entry is found', () => {
    const project = (): string => {
      const at = join(folder, 'old');
      const installed = join(at, 'node_modules/asyncgen-hooks');
      mkdirSync(installed, { recursive: true });
      sh(`tar -xzf "${tarball}" -C "${installed}" --strip-components=1`);
      return at;
    };

    test('by TypeScript for module: commonjs, with its types', () => {
      const at = project();
      const imports = entries.map(
        (entry, i) => `import e${i} = require('asyncgen-hooks/${entry}');`,
      );
      const names = entries.map((_, i) => `e${i}`);
      writeFileSync(
        join(at, 'main.ts'),
        `${imports.join('\n')}
export const all: object[] = [${names.join(', ')}];
// @ts-expect-error -- Without types it would be any.
e${entries.indexOf('lifecycle')}.trackAsyncGens().nothing;
`,
      );
      const compilerOptions = {
        module: 'commonjs',
        moduleResolution: 'node10',
        ignoreDeprecations: '6.0',
        target: 'es2022',
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: ['node'],
        typeRoots: [join(root, 'node_modules/@types')],
      };
      const config = { compilerOptions, files: ['main.ts'] };
      writeFileSync(join(at, 'tsconfig.json'), JSON.stringify(config));
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      expect(sh(`"${process.execPath}" "${tsc}" -p . || true`, at)).toBe('');
    });

    test('by what reads "main" and "module" in a folder', () => {
      const installed = join(project(), 'node_modules/asyncgen-hooks');
      for (const entry of entries) {
        const at = join(installed, entry);
        const manifest = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
        const { import: esm, require: cjs } = conditionsOf[entry]!;
        expect(Object.keys(manifest).sort()).toEqual(['main', 'module', 'types']);
        expect(join(at, manifest.main)).toBe(join(installed, cjs.default));
        expect(join(at, manifest.module)).toBe(join(installed, esm.default));
        expect(join(at, manifest.types)).toBe(join(installed, cjs.types));
      }
    });
  });

  test('is not dropped by a bundler where it is only imported', async () => {
    const { outputFiles, warnings } = await build({
      stdin: { contents: "import 'asyncgen-hooks';", resolveDir: root },
      bundle: true,
      format: 'esm',
      write: false,
    });
    expect(warnings).toEqual([]);
    expect(outputFiles[0]!.text).toMatch(/\.api \?\?= api/);
  });

  test.each(['index', 'shim'])('%s imports nothing but its own files', (entry) => {
    for (const extension of ['mjs', 'cjs']) {
      const text = readFileSync(join(root, `dist/${entry}.${extension}`), 'utf8');
      const imported = [...text.matchAll(/(?:from |require\()"([^"]+)"/g)].map(
        (match) => match[1]!,
      );
      expect(imported.filter((name) => !name.startsWith('./'))).toEqual([]);
    }
  });

  test('each file of it finds what it imports: all else is bundled', () => {
    const { dependencies, devDependencies, peerDependencies } = manifest;
    const lost = new Set(Object.keys(devDependencies));
    for (const name of Object.keys({ ...dependencies, ...peerDependencies })) lost.delete(name);
    const files = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => /\.[cm]js$/.test(file),
    );
    const missing = files.flatMap((file) => {
      const text = readFileSync(join(root, 'dist', file), 'utf8');
      return [...text.matchAll(/\b(?:from|require\(|import\(?) ?(["'`])(@?[\w./:-]+)\1/g)]
        .map(([, , name]) => name!)
        .filter((name) => lost.has(name))
        .map((name) => `${file}: ${name}`);
    });
    expect(missing).toEqual([]);
  });

  test('no file of it holds a path of the machine', () => {
    const files = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => /\.\w+$/.test(name))) {
      expect(readFileSync(join(root, 'dist', file), 'utf8')).not.toContain(root);
    }
  });
});

import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the packages of other runtimes are installed, if they are. */
export const runtimes = join(__dirname, '../../runtimes');

/** The program of a package of the platform: the scripts of npm's packages are not run. */
function find(...names: string[]): string | undefined {
  const from = createRequire(join(runtimes, 'package.json'));
  for (const name of names) {
    const [scope, inner, ...path] = name.split('/') as [string, string, ...string[]];
    try {
      const file = join(dirname(from.resolve(`${scope}/${inner}/package.json`)), ...path);
      if (existsSync(file)) return file;
    } catch {
      // It is of another platform, or not installed.
    }
  }
  return undefined;
}

const { platform, arch } = process;
export const bun = find(`@oven/bun-${platform}-${arch}/bin/bun`);
export const deno = find(`@deno/${platform}-${arch}-glibc/deno`, `@deno/${platform}-${arch}/deno`);

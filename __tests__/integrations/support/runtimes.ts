import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the packages of other runtimes are installed, if they are. */
export const runtimes = join(__dirname, '../../runtimes');

/** The first of these programs that is there: each the name of a package and a path in it. */
function find(...programs: [name: string, path: string][]): string | undefined {
  const from = createRequire(join(runtimes, 'package.json'));
  for (const [name, path] of programs) {
    try {
      const file = join(dirname(from.resolve(`${name}/package.json`)), path);
      if (existsSync(file)) return file;
    } catch {
      // It is of another platform, or not installed.
    }
  }
  return undefined;
}

const { platform, arch } = process;
// npm may run the script of a package, which moves the program out of that of the platform, or hold it back.
export const bun = find([`@oven/bun-${platform}-${arch}`, 'bin/bun'], ['bun', 'bin/bun.exe']);
export const deno = find(
  [`@deno/${platform}-${arch}-glibc`, 'deno'],
  [`@deno/${platform}-${arch}`, 'deno'],
);

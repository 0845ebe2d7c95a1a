import childProcess from 'node:child_process';
import module from 'node:module';
import { basename } from 'node:path';

interface Spawned {
  readonly file?: unknown;
  readonly args?: readonly string[];
  readonly envPairs?: readonly string[];
}

type Sync = (...args: unknown[]) => unknown;

/**
 * Tells of the processes that this one starts and that cannot be watched: of other runtimes, and of
 * Node without the flag that `preload` stands in. What a shell starts it does not see.
 */
export function noteChildren(
  tell: (fate: 'process' | 'runtime', command: string) => void,
  preload: string,
): void {
  const note = (file: unknown, args: readonly string[], flags: string | undefined): void => {
    if (typeof file !== 'string') return;
    const name = basename(file).replace(/\.exe$/i, '');
    const command = [name, ...args].join(' ');
    if (name === 'bun' || name === 'deno') tell('runtime', command);
    if (file !== process.execPath && name !== 'node') return;
    if (!flags?.includes(JSON.stringify(preload))) tell('process', command);
  };

  const { prototype } = childProcess.ChildProcess as unknown as {
    prototype: { spawn(options: Spawned): unknown };
  };
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    const { file, args = [], envPairs = [] } = options ?? {};
    const flags = envPairs.find((pair) => pair.startsWith('NODE_OPTIONS='));
    note(file, args.slice(1), flags);
    return spawn.call(this, options);
  };

  const host = childProcess as unknown as Record<string, Sync>;
  for (const name of ['spawnSync', 'execFileSync']) {
    host[name] = new Proxy(host[name]!, {
      apply(target, self, args: unknown[]) {
        const [file, second, third] = args;
        const given = Array.isArray(second) ? (second as string[]) : [];
        const options = (Array.isArray(second) ? third : (second ?? third)) as
          { env?: NodeJS.ProcessEnv; shell?: unknown } | undefined;
        if (!options?.shell) note(file, given, (options?.env ?? process.env)['NODE_OPTIONS']);
        return Reflect.apply(target, self, args);
      },
    });
  }
  module.syncBuiltinESMExports();
}

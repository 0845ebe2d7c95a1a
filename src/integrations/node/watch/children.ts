/** The workers and the processes that a watched thread starts. */
import childProcess from 'node:child_process';
import module from 'node:module';
import { basename } from 'node:path';
import workers from 'node:worker_threads';

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

/**
 * Has workers load `preload` first. A worker takes over the flags that its process was started
 * with, and NODE_OPTIONS as they were then; what is set later has to be handed to each.
 */
export function preloadInWorkers(
  preload: string,
  onStart?: (worker: workers.Worker) => void,
): void {
  const { Worker } = workers;
  workers.Worker = new Proxy(Worker, {
    construct(target, args, newTarget) {
      const [file, options, ...rest] = args as [unknown, { execArgv?: unknown }?];
      const make = (execArgv: readonly string[]): object => {
        const watched = { ...options, execArgv: ['--require', preload, ...execArgv] };
        const made = Reflect.construct(
          target,
          [file, watched, ...rest],
          newTarget,
        ) as workers.Worker;
        onStart?.(made);
        return made;
      };
      // What is wrong is Node's to refuse.
      const native = (): object => Reflect.construct(target, args, newTarget) as object;
      if (options === null) return native();
      const { execArgv: given } = options ?? {};
      if (given !== undefined) return Array.isArray(given) ? make(given) : native();
      try {
        return make(process.execArgv);
      } catch (error) {
        // Some flags are for whole processes: taken over they do no harm, given they are refused.
        const { code, message } = error as { code?: string; message: string };
        if (code !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error;
        const refused = message.split(/[\s,]+/);
        return make(process.execArgv.filter((flag) => !refused.includes(flag)));
      }
    },
  });
  module.syncBuiltinESMExports();
}

import module from 'node:module';
import workers from 'node:worker_threads';

/**
 * Has workers load `preload` first. A worker takes over the flags that its process was started
 * with, and NODE_OPTIONS as they were then; what is set later has to be handed to each.
 */
export function preloadInWorkers(preload: string): void {
  const { Worker } = workers;
  workers.Worker = new Proxy(Worker, {
    construct(target, args, newTarget) {
      const [file, options, ...rest] = args as [unknown, { execArgv?: unknown }?];
      const make = (execArgv: readonly string[]): object => {
        const watched = { ...options, execArgv: ['--require', preload, ...execArgv] };
        return Reflect.construct(target, [file, watched, ...rest], newTarget) as object;
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

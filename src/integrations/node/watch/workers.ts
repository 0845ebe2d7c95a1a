import module from 'node:module';
import workers from 'node:worker_threads';

/**
 * Has workers load `preload` first. A worker takes over the flags that its process was started
 * with, and NODE_OPTIONS as they were then; what is set later has to be handed to each.
 */
export function preloadInWorkers(preload: string): void {
  const { Worker } = workers;
  workers.Worker = new Proxy(Worker, {
    construct(target, [file, options, ...rest], newTarget) {
      const { execArgv = process.execArgv } = (options ?? {}) as { execArgv?: string[] };
      const watched = { ...options, execArgv: ['--require', preload, ...execArgv] };
      try {
        return Reflect.construct(target, [file, watched, ...rest], newTarget) as object;
      } catch (error) {
        // Some flags are for whole processes: taken over they do no harm, given they are refused.
        if ((error as { code?: string }).code !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error;
        return Reflect.construct(target, [file, options, ...rest], newTarget) as object;
      }
    },
  });
  module.syncBuiltinESMExports();
}

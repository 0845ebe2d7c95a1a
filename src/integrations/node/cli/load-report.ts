import { createRequire } from 'node:module';

/** What makes and prints reports; only the end of a run needs it. */
export const loadReport = (): typeof import('../report/index.js') =>
  createRequire(import.meta.url)('./report.cjs') as typeof import('../report/index.js');

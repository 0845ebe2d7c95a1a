import { createRequire } from 'node:module';
import type { OutputOptions } from '../report/outputs.js';

/** What makes and prints reports; only the end of a run needs it. */
export const loadReport = (): typeof import('../report/index.js') =>
  createRequire(import.meta.url)('./report.cjs') as typeof import('../report/index.js');

/**
 * Prints what `--json` has written, of one run or of several.
 * @returns whether there is a reason to fail.
 */
export function showReports(files: readonly string[], options: OutputOptions): boolean {
  const { mergeReports, Outputs, readReport } = loadReport();
  const report = mergeReports(files.map((file) => readReport('report', file)));
  const outputs = new Outputs(options);
  const lost = outputs.write(report);
  const mustFail = outputs.print({ ...report, lost: [...report.lost, ...lost] }, 1);
  return mustFail || lost.length > 0;
}

/** The warnings that the process would have printed while `work` ran. */
export async function warningsDuring(work: () => Promise<unknown>): Promise<any[]> {
  const warnings: unknown[] = [];
  const { emitWarning } = process;
  process.emitWarning = ((warning: unknown) => warnings.push(warning)) as never;
  try {
    await work();
  } finally {
    process.emitWarning = emitWarning;
  }
  return warnings as any[];
}

import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import type { Project } from './project.js';

/** The file `entry` of the project and all that it imports, as one text. */
export async function bundle(
  project: Project,
  entry: string,
  options: BuildOptions,
): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(project.root, entry)],
    absWorkingDir: project.root,
    bundle: true,
    platform: 'browser',
    logLevel: 'silent',
    ...options,
    write: false,
  });
  return outputFiles[0]!.text;
}

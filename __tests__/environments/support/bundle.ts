import { join } from 'node:path';
import { build, type Format } from 'esbuild';
import type { Project } from './project.js';

/** The file `entry` of the project and all that it imports, as one text. */
export async function bundle(project: Project, entry: string, format: Format): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(project.root, entry)],
    absWorkingDir: project.root,
    bundle: true,
    format,
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { SingleBar } from 'cli-progress';
import { glob, isDynamicPattern } from 'tinyglobby';
export interface CompileOptions {
  readonly outDir: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}
export async function compileTree(_files: readonly string[], _options: CompileOptions): Promise<void> {
  void [copyFile, mkdir, readFile, writeFile, basename, dirname, join, relative, resolve, SingleBar, glob, isDynamicPattern];
}

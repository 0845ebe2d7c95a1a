import { relative } from 'node:path';
import { pageOf, printable } from '../../messages.js';
import { createCompiler, type Compile, type Compiled, type Source } from '../compiler/index.js';
import { failureOf, remedyFor, type Failure } from '../compiler/failure.js';
import { fileOf, type ResolvedOptions } from './options.js';

/** A module as bundlers name it. */
export interface Module extends Omit<Source, 'file'> {
  /** Its absolute file, and maybe a query. */
  readonly id: string;
}

/** What a bundler shows to its user. */
export interface Warning {
  readonly message: string;
  readonly code: string;
  /** The module. */
  readonly id: string;
  /** `line` 1-based, `column` 0-based. */
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number };
}

/** What the faces do for the project of a bundler, once its root is known. */
export class Project {
  #root = '';
  #matches: (id: string) => boolean = () => false;
  #compile: Compile | undefined;

  constructor(
    readonly options: ResolvedOptions,
    root = process.cwd(),
  ) {
    this.root = root;
  }

  /** The folder that sites and globs are relative to. */
  get root(): string {
    return this.#root;
  }

  set root(root: string) {
    if (root === this.#root) return;
    this.#root = root;
    this.#matches = this.options.matcher(root);
    this.#compile = undefined;
  }

  /** A folder of what the bundler made itself, out of files that were compiled. */
  made: string | undefined;

  includes(id: string): boolean {
    return this.#matches(id) && !(this.made && id.startsWith(this.made));
  }

  /** Compiles one module, or leaves it as it is, with a warning if that fails. */
  compile({ id, ...source }: Module, warn: (warning: Warning) => void): Compiled | undefined {
    this.#compile ??= createCompiler({
      plugin: this.options.plugin,
      cwd: this.#root,
      inputSourceMaps: false,
    });
    try {
      return this.#compile({ ...source, file: fileOf(id) });
    } catch (error) {
      warn(this.#unreadable(id, failureOf(error, fileOf(id))));
      return undefined;
    }
  }

  #unreadable(id: string, failure: Failure): Warning {
    const file = fileOf(id);
    const { code, fact, loc } = failure;
    const name = printable(relative(this.#root, file).replaceAll('\\', '/'));
    return {
      message:
        `asyncgen-hooks/bundlers: ${name} ${fact}, and no hook sees its async generators. ` +
        `${remedyFor(failure, '"exclude"')}\n${pageOf(code)}`,
      code,
      id,
      ...(loc && { loc: { file, line: loc.line, column: loc.column } }),
    };
  }
}

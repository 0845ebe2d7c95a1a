import { declare } from '@babel/helper-plugin-utils';
import type { BabelFile, NodePath, PluginObj } from '@babel/core';
import type * as t from '@babel/types';
import { mayHaveGenerators } from '../syntax/async-star.js';
import { isIgnoredFile } from '../syntax/comments.js';
import { isLoweredTold, tellLowered } from '../syntax/lowered-warning.js';
import { hasLoweredGenerators, mayHaveLowered } from '../syntax/lowered.js';
import { importsShim, type GeneratorFunction } from '../syntax/nodes.js';
import { resolveOptions, type Options } from '../syntax/options.js';
import { tellLife } from './body.js';
import { FileContext } from './context.js';
import { compileDeclaration, putSwitchesInBlocks } from './declarations.js';
import { compileExpression } from './expressions.js';
import { findGenerators } from './find.js';
import { finish } from './finish.js';
import { compileClassMethod, compileObjectMethod } from './methods.js';
import { walkWith, type BabelTypes } from './names.js';

export type { Options };

declare const VERSION: string;

/** Babel makes a plugin anew for each file where the options are not those of a configuration file. */
const supported = new Set<string>();

/**
 * The Babel plugin: every async generator function of a file gets a visible function that wraps
 * what it returns.
 */
const plugin = declare((api, given): PluginObj => {
  if (!supported.has(api.version)) {
    api.assertVersion('^7.26.0 || ^8.0.0');
    supported.add(api.version);
  }
  const options = resolveOptions(given);
  return {
    name: 'asyncgen-hooks',
    visitor: {},
    // Before any visitor: plugins lower async generators when they enter the Program, and those
    // that stand before this one in the list enter it first.
    pre(file) {
      // Without text (an AST was given) only the tree can tell.
      if (file.code && !mayHaveGenerators(file.code) && !mayHaveLowered(file.code)) return;
      compileFile(new FileContext(api.types as BabelTypes, file, options), file);
    },
  };
});

/** What Babel calls with its API and the options. */
export interface Plugin {
  (api: object, options: Options | null | undefined, dirname: string): object;
  /**
   * babel-jest and babel-loader hash the configuration as JSON, where a plugin would not show: with
   * this, a new version of the plugin is a new key in their caches.
   */
  toJSON(): string;
}

const published: Plugin = Object.assign(plugin, { toJSON: () => `asyncgen-hooks@${VERSION}` });
export default published;

function compileFile(ctx: FileContext, file: BabelFile): void {
  if (isIgnoredFile(file.ast.comments) || isCompiled(ctx)) return;
  let found = findGenerators(ctx);
  if (putSwitchesInBlocks(ctx, found)) found = findGenerators(ctx);
  if (!isLoweredTold() && (ctx.code === undefined || mayHaveLowered(ctx.code)))
    tellOfLowered(ctx, file, found.length);
  // From the last to the first: what is inside, and what comes later in a list, goes first.
  for (const path of found.reverse()) {
    tellLife(ctx, path);
    compileFunction(ctx, path);
  }
  finish(ctx);
}

/** Whether the file imports the shim already: it was compiled before. */
const isCompiled = ({ program, options }: FileContext): boolean =>
  importsShim(program.node, (source) => source === options.importSource);

function tellOfLowered({ t, program }: FileContext, file: BabelFile, others: number): void {
  if (hasLoweredGenerators(program.node, walkWith(t)))
    tellLowered((file.opts as { filename?: string }).filename, others === 0);
}

function compileFunction(ctx: FileContext, path: NodePath<GeneratorFunction>): void {
  switch (path.node.type) {
    case 'FunctionDeclaration':
      return compileDeclaration(ctx, path as NodePath<t.FunctionDeclaration>);
    case 'FunctionExpression':
      return compileExpression(ctx, path as NodePath<t.FunctionExpression>);
    case 'ObjectMethod':
      return compileObjectMethod(ctx, path as NodePath<t.ObjectMethod>);
    case 'ClassMethod':
    case 'ClassPrivateMethod':
      return compileClassMethod(ctx, path as NodePath<t.ClassMethod | t.ClassPrivateMethod>);
  }
}

import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import { babel } from './babel.js';

type Scope = NodePath['scope'];

/**
 * What Babel's scopes know of a file, and what they know of the same file printed and searched
 * anew. Plugins that run beside ours read the first.
 */
export interface Scopes {
  told: string[];
  searched: string[];
}

/** A Babel plugin that puts them into `scopes` before any other visitor runs. */
export function readScopes(scopes: Partial<Scopes>) {
  return () => ({
    visitor: {
      Program(program: NodePath<t.Program>, { file }: { file: any }) {
        const { sourceType } = program.node;
        const options = { configFile: false, babelrc: false, sourceType } as const;
        const { code } = babel.transformFromAstSync(file.ast, undefined, {
          ...options,
          cloneInputAst: true,
        })!;
        scopes.told = describe(program);
        babel.transformSync(code!, {
          ...options,
          parserOpts: { plugins: file.opts.parserOpts.plugins },
          plugins: [
            () => ({
              visitor: {
                Program: (path: NodePath<t.Program>) => void (scopes.searched = describe(path)),
              },
            }),
          ],
        });
      },
    },
  });
}

/** A line for each binding, in the order of the scopes. */
function describe(program: NodePath<t.Program>): string[] {
  const lines: string[] = [];
  const add = ({ path, bindings }: Scope): void => {
    const owner = `${path.type} ${(path.node as { id?: t.Identifier }).id?.name ?? ''}`;
    lines.push(owner);
    for (const [name, binding] of Object.entries(bindings).sort(([a], [b]) => (a < b ? -1 : 1))) {
      const { kind, references, referencePaths, constantViolations } = binding;
      const isWithin = (each: NodePath): boolean => each.find((outer) => outer === path) !== null;
      const types = (paths: NodePath[]): string =>
        paths
          .map((each) => (isWithin(each) ? each.type : 'elsewhere'))
          .sort()
          .join(' ');
      lines.push(
        `  ${kind} ${name}, ${binding.path.type}: ${references} references (${types(referencePaths)}), ` +
          `${binding.constant ? 'constant' : `set by ${types(constantViolations)}`}`,
      );
    }
  };
  add(program.scope);
  program.traverse({
    Scopable(path) {
      if (path.scope.path === path) add(path.scope);
    },
  });
  lines.push(
    `globals ${Object.keys((program.scope as any).globals)
      .sort()
      .join(' ')}`,
  );
  return lines;
}

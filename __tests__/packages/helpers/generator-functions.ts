import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export const root = join(__dirname, '../../..');

export interface GeneratorFunction {
  /** `file:line:column`, as a site has them. */
  readonly site: string;
  /** What `Function.prototype.name` is to give. */
  readonly name: string;
  /** The names of what stands around and its own: `Stream.fromSSEResponse.iterator`. */
  readonly label: string;
}

/**
 * Finds the async generator functions of a file with TypeScript's parser, which shares nothing with
 * the plugin.
 * @param file relative to the root of the repository.
 */
export function generatorsIn(file: string): GeneratorFunction[] {
  const text = readFileSync(join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const found: GeneratorFunction[] = [];
  const visit = (node: ts.Node, around: readonly string[]): void => {
    const name = nameOf(node);
    const label = name === undefined ? around : [...around, name];
    if (isAsyncGenerator(node)) {
      const { line, character } = source.getLineAndCharacterOfPosition(startOf(node));
      const own = name ?? nameFromPlace(node);
      found.push({
        site: `${file}:${line + 1}:${character}`,
        name: own,
        label: (own === '' ? [...around, '(anonymous)'] : label).join('.'),
      });
    }
    ts.forEachChild(node, (child) => visit(child, label));
  };
  visit(source, []);
  return found;
}

type Generator = ts.FunctionDeclaration | ts.FunctionExpression | ts.MethodDeclaration;

const isAsyncGenerator = (node: ts.Node): node is Generator =>
  (ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isMethodDeclaration(node)) &&
  node.asteriskToken !== undefined &&
  asyncOf(node) !== undefined;

const asyncOf = (node: Generator): ts.ModifierLike | undefined =>
  node.modifiers?.find(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);

/** `export` does not belong to a function, `static` belongs to a method. */
const startOf = (node: Generator): number =>
  (ts.isMethodDeclaration(node) ? node : asyncOf(node)!).getStart();

function nameOf(node: ts.Node): string | undefined {
  const named =
    ts.isFunctionLike(node) ||
    ts.isClassLike(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isPropertyAssignment(node);
  const name = named ? node.name : undefined;
  if (name === undefined) return undefined;
  return /\bSymbol\.asyncIterator\b/.test(name.getText())
    ? '[Symbol.asyncIterator]'
    : name.getText();
}

/** `const name = async function* () {}`, `{ name: async function* () {} }` */
function nameFromPlace(node: ts.Node): string {
  const { parent } = node;
  const names = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent);
  return (names ? nameOf(parent) : undefined) ?? '';
}

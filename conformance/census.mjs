import { types as t } from '@babel/core';

/** The forms that an async generator function has in a source text, by how each is compiled. */
export const FORMS = [
  'declaration, top level',
  'declaration, in a function or block',
  'declaration, in a switch',
  'declaration, in a namespace',
  'expression',
  'expression with a name',
  'expression called on the spot',
  'object method',
  'class method',
  'private method',
];

/**
 * Finds the async generator functions of a tree, without Babel's paths: those are cached, and what
 * is to be tested shall find them as fresh as in a build.
 * @returns `{ position, form, isSpared }` for each: `line:column`, as the plugin writes it, and no
 *   node, which would keep the whole tree; the plugin leaves spared ones as they are.
 */
export function findGenerators(ast) {
  const found = [];
  const parents = [];
  const visit = (node, isSpared) => {
    const isSparedHere = isSpared || isIntrinsicLookup(node) || isIgnored(node);
    if (t.isFunction(node) && node.async && node.generator) {
      const form = formOf(node, parents);
      const { line, column } = node.loc.start;
      found.push({
        position: `${line}:${column}`,
        form,
        isSpared: isSparedHere || isReplaced(node, parents),
      });
    }
    parents.push(node);
    for (const key of t.VISITOR_KEYS[node.type] ?? []) {
      const child = node[key];
      if (Array.isArray(child)) child.forEach((one) => one && visit(one, isSparedHere));
      else if (child) visit(child, isSparedHere);
    }
    parents.pop();
  };
  visit(ast.program, isCompiled(ast) || isIgnoredFile(ast));
  return found;
}

/** Whether the file imports the shim already. */
const isCompiled = ({ program }) =>
  program.body.some(
    ({ source, declarations }) =>
      source?.value === 'asyncgen-hooks/shim' ||
      declarations?.some(({ init }) => init?.arguments?.[0]?.value === 'asyncgen-hooks/shim'),
  );

const isIgnoredFile = ({ comments }) =>
  /asyncgen-hooks\s+ignore\s+file\b/.test(textOfComments(comments));

const textOfComments = (comments) => (comments ?? []).map(({ value }) => value).join('\n');

const isIgnored = (node) =>
  /asyncgen-hooks\s+ignore\s+next\b/.test(textOfComments(node.leadingComments));

/** `Object.getPrototypeOf(async function* () {})`: nobody calls the function. */
const isIntrinsicLookup = (node) =>
  t.isCallExpression(node) &&
  t.isFunctionExpression(node.arguments[0]) &&
  t.matchesPattern(node.callee, 'Object.getPrototypeOf');

function formOf(node, parents) {
  if (t.isClassPrivateMethod(node)) return 'private method';
  if (t.isClassMethod(node)) return 'class method';
  if (t.isObjectMethod(node)) return 'object method';
  if (t.isFunctionDeclaration(node)) {
    const place = parents.findLast((parent) => !t.isExportDeclaration(parent));
    if (t.isProgram(place)) return 'declaration, top level';
    if (t.isSwitchCase(place)) return 'declaration, in a switch';
    return t.isTSModuleBlock(place)
      ? 'declaration, in a namespace'
      : 'declaration, in a function or block';
  }
  const parent = parents.at(-1);
  if (t.isCallExpression(parent) && parent.callee === node) return 'expression called on the spot';
  return node.id ? 'expression with a name' : 'expression';
}

/** Of two functions with one name in one place the later one is what the program sees. */
function isReplaced(node, parents) {
  const nameOf = (other) => {
    if (t.isExportDeclaration(other)) return nameOf(other.declaration);
    if (t.isFunctionDeclaration(other)) return other.id?.name;
    if (!t.isClassMethod(other) || other.static !== node.static) return undefined;
    return t.isIdentifier(other.key) && !other.computed ? other.key.name : other.key.value;
  };
  const name = nameOf(node);
  if (name === undefined) return false;
  const owner = t.isExportDeclaration(parents.at(-1)) ? parents.at(-2) : parents.at(-1);
  const list = [owner.body, owner.consequent].find(Array.isArray) ?? [];
  const at = list.findIndex((other) => other === node || other.declaration === node);
  return at >= 0 && list.slice(at + 1).some((other) => nameOf(other) === name);
}

/** The generators of `found` of which no call of the shim in `code` tells. */
export const findMissing = (found, code, file) =>
  found.filter(({ isSpared, position }) => {
    // Behind it stands the name, if the compiler knows it.
    const place = `"${file}:${position}`;
    return !isSpared && !code.includes(`${place}"`) && !code.includes(`${place} `);
  });

/** A Babel plugin that hands `found` on in the metadata, before any plugin changes the tree. */
export const census = () => ({
  pre(file) {
    file.metadata.generators = findGenerators(file.ast);
  },
});

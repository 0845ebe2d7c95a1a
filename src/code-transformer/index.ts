import { SHIM_MODULE } from '../constants.js';
import { show } from '../messages.js';
import { checkNames, optionError } from '../options.js';
import { compileBody } from './body.js';
import { freeNames, insertFirst, wrapFunction, type Shim } from './functions.js';
import { id, text, variable, call, type Node } from './nodes.js';

export interface TransformOptions {
  /**
   * What a file imports the shim from: where packages do not find `asyncgen-hooks` from their own folder,
   * a path or a URL.
   * @default 'asyncgen-hooks/shim'
   */
  importSource?: string;
}

/** What `addTransform` of `@apm-js-collab/code-transformer` takes. */
export type AsyncGenTransform = (
  state: {
    readonly moduleType: string;
    readonly module: { readonly name: string; readonly filePath: string | RegExp };
  },
  node: object,
  parent: object,
  ancestry: object[],
) => void;

const SUBJECT = 'code-transformer: asyncGenTransform():';
const SHIM = ['apply', 'define', 'enter', 'fn', 'method', 'same', 'wrap'] as const;

/**
 * Makes a transform for `addTransform` of `@apm-js-collab/code-transformer`: the async generator functions that a
 * pipeline selects are compiled as ours are, so that hooks see their generators. What is no async
 * generator function stays as it is.
 *
 *     matcher.addTransform('asyncgen', asyncGenTransform());
 *
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for an unknown or wrong option. The transform throws an
 *   Error, code `ERR_ASYNCGEN_TRANSFORM`, for a form that it does not know: a computed key, a method of an object
 *   that uses `super`, a declaration right in a `case`.
 */
export function asyncGenTransform(options: TransformOptions = {}): AsyncGenTransform {
  const { importSource = SHIM_MODULE } = checkNames<TransformOptions>(SUBJECT, options, [
    'importSource',
  ]);
  if (typeof importSource !== 'string')
    throw optionError(SUBJECT, `option "importSource" is ${show(importSource)}. Pass a string.`);
  const files = new WeakMap<object, File>();
  return (state, node, parent, ancestry) => {
    const fn = node as Node;
    if (fn.async !== true || fn.generator !== true) return;
    const program = ancestry.at(-1) as Node & { body: Node[] };
    let file = files.get(program);
    if (file === undefined)
      files.set(program, (file = new File(program, importSource, state.moduleType)));
    file.compile(fn, parent as Node, ancestry as Node[], locationOf(state, fn));
  };
}

function locationOf(
  { module: { name, filePath } }: Parameters<AsyncGenTransform>[0],
  { loc }: Node,
): string {
  const file = typeof filePath === 'string' ? `${name}/${filePath}` : name;
  const { line, column } = (loc as { start: { line: number; column: number } }).start;
  return `${file}:${line}:${column}`;
}

/** A file at work, which more than one query may select functions of. */
class File {
  readonly #free: (name: string) => string;
  readonly #shim: Shim;
  readonly #import: Node;
  /** What is compiled; the pipeline goes on into it, and would find it again. */
  readonly #done = new WeakSet();

  constructor(program: Node & { body: Node[] }, source: string, moduleType: string) {
    this.#free = freeNames(program);
    this.#shim = Object.fromEntries(SHIM.map((name) => [name, this.#free(`_${name}`)])) as Shim;
    const isModule =
      moduleType === 'esm' || program.body.some(({ type }) => /^(?:Import|Export)/.test(type));
    this.#import = isModule ? importOf(this.#shim, source) : requireOf(this.#shim, source);
    if (isModule) program.body.unshift(this.#import);
    else insertFirst(program.body, this.#import);
  }

  compile(fn: Node, parent: Node, ancestry: readonly Node[], location: string): void {
    if (this.#done.has(fn.body as Node)) return;
    const free = this.#free;
    const shim = this.#shim;
    compileBody(fn, { gen: free('_gen'), error: free('_error'), enter: shim.enter });
    this.#done.add(fn.body as Node);
    const importOfShim = this.#import;
    wrapFunction(fn, { shim, importOfShim, location, parent, ancestry, free });
  }
}

function importOf(shim: Shim, source: string): Node {
  const specifiers = Object.entries(shim).map(([name, local]) => ({
    type: 'ImportSpecifier',
    imported: id(name),
    local: id(local),
  }));
  return { type: 'ImportDeclaration', specifiers, source: text(source), attributes: [] };
}

function requireOf(shim: Shim, source: string): Node {
  const properties = Object.entries(shim).map(([name, local]) => ({
    type: 'Property',
    key: id(name),
    value: id(local),
    kind: 'init',
    method: false,
    shorthand: false,
    computed: false,
  }));
  const pattern = { type: 'ObjectPattern', properties };
  return variable('var', pattern, call(id('require'), text(source)));
}

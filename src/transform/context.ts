import { basename, isAbsolute, relative } from 'node:path';
import type { BabelFile, NodePath } from '@babel/core';
import type * as t from '@babel/types';
import type { BabelTypes } from './names.js';
import type { ResolvedOptions } from './options.js';
import { keepScope, referencedIdentifiers } from './scopes.js';

/** The exports of the shim that compiled code uses. */
export type ShimExport =
  'apply' | 'call' | 'decorate' | 'define' | 'fn' | 'key' | 'method' | 'same' | 'wrap';

/** Under this key of Babel's `metadata` stands `true` if the file was changed. */
export const METADATA_KEY = 'asyncgenHooks';
/** And under this one if some of its async generators were lowered before. */
export const LOWERED_KEY = 'asyncgenHooksLowered';
/** Babel's name for who calls it, where that is our own compiler. */
export const CALLER = 'asyncgen-hooks';

const PLAIN = /^[\w ./:@#$+-]*$/;

/** A method that can only be swapped once the object around it is there. */
interface ObjectMethodSwap {
  readonly path: NodePath<t.ObjectExpression>;
  readonly key: t.Expression;
  readonly location: t.StringLiteral | undefined;
  /** Another function may have taken its place: `true`, for the shim. */
  readonly contested: t.BooleanLiteral | undefined;
}

/** A declaration at the top level: two functions, and what the shim has to know of them. */
export interface Pair {
  readonly path: NodePath<t.FunctionDeclaration>;
  readonly isExport: boolean;
  readonly visible: t.FunctionDeclaration;
  readonly inner: t.Identifier;
  readonly record: t.Identifier;
  readonly define: t.CallExpression;
}

/** One file's compilation: what it needs from the shim, and what `finish` has to put in. */
export class FileContext {
  readonly program: NodePath<t.Program>;
  /** The text of the file, where there is one. */
  readonly code: string | undefined;
  readonly imports = new Map<ShimExport, t.Identifier>();
  readonly methods: ObjectMethodSwap[] = [];
  /** What has to run before all else that is static in a class. */
  readonly classes = new Map<NodePath<t.ClassBody>, t.Expression[]>();
  readonly pairs: Pair[] = [];
  /** Of private methods, each behind its own. */
  readonly getters: { path: NodePath; getter: t.ClassPrivateMethod }[] = [];
  readonly #file: string;
  readonly #params: t.Identifier[] = [];
  #keys = 0;
  #definitions: t.Identifier | undefined;
  readonly #references: NodePath<t.Identifier>[] = [];

  constructor(
    readonly t: BabelTypes,
    file: BabelFile,
    readonly options: ResolvedOptions,
  ) {
    this.program = file.path;
    this.code = file.code || undefined;
    this.#file = siteFile(file.opts.filename, file.opts.cwd);
  }

  get isModule(): boolean {
    return this.program.node.sourceType === 'module';
  }

  /** Babel takes digits at the end off, and tries one number after the other. */
  uid(name: string): t.Identifier {
    return this.program.scope.generateUidIdentifier(/\d$/.test(name) ? `${name}_` : name);
  }

  /** The variable that keeps the value of a computed key. */
  keyId(): t.Identifier {
    this.#keys += 1;
    return this.uid(this.#keys === 1 ? 'key' : `key${this.#keys}`);
  }

  /** The parameter at `index` of a function that only counts its parameters. */
  param(index: number): t.Identifier {
    return this.t.cloneNode((this.#params[index] ??= this.uid('x')));
  }

  /** A call of a shim export. Once it stands in the tree, `refer` has to hear of its callee. */
  call(name: ShimExport, ...args: (t.Expression | undefined)[]): t.CallExpression {
    let local = this.imports.get(name);
    if (local === undefined) this.imports.set(name, (local = this.#importId(name)));
    while (args.length > 0 && args.at(-1) === undefined) args.pop();
    return this.t.callExpression(
      this.t.cloneNode(local),
      args.map((arg) => arg ?? this.t.unaryExpression('void', this.t.numericLiteral(0))),
    );
  }

  /** Jest lets the factory of a `jest.mock()` refer to what is named `mock…`, and to globals. */
  #importId(name: ShimExport): t.Identifier {
    const { code } = this;
    if (!code?.includes('jest.mock')) return this.uid(name);
    let free = `mockAsyncgenHooks_${name}`;
    while (code.includes(free)) free += '_';
    return this.t.identifier(free);
  }

  /** The function that runs the definitions of all pairs. */
  definitionsId(): t.Identifier {
    return this.t.cloneNode((this.#definitions ??= this.uid('definitions')));
  }

  /** A string literal with its text, where that is plain: Babel would escape it letter by letter. */
  string(value: string): t.StringLiteral {
    const literal = this.t.stringLiteral(value);
    if (PLAIN.test(value)) literal.extra = { rawValue: value, raw: `"${value}"` };
    return literal;
  }

  /** `file:line:column`, or nothing where locations are off or unknown. */
  location(node: t.Node): t.StringLiteral | undefined {
    if (!this.options.locations || !node.loc) return undefined;
    const { line, column } = node.loc.start;
    return this.string(`${this.#file}:${line}:${column}`);
  }

  /** Keeps in mind the references that the plugin made in `path`. */
  refer(path: NodePath<t.Node>): void {
    this.#references.push(...referencedIdentifiers(this.t, path));
  }

  /** The same for a call of the shim around a function, which has moved there with its scope. */
  referCall(call: NodePath<t.Node>, scope: NodePath['scope']): void {
    keepScope(this.t, scope, call);
    this.refer(call.get('callee') as NodePath<t.Node>);
    const [held] = (call.node as t.CallExpression).arguments;
    const member = this.t.isObjectExpression(held) ? held.properties[0] : undefined;
    if (member && !this.t.isSpreadElement(member) && member.computed) {
      this.refer(call.get('arguments.0.properties.0.key') as NodePath<t.Node>);
    }
  }

  /** Tells the scopes of the references, once all is there that they may refer to. */
  bindReferences(): void {
    for (const reference of this.#references) {
      const binding = reference.scope.getBinding(reference.node.name);
      if (binding) binding.reference(reference);
      else this.program.scope.addGlobal(reference.node);
    }
  }
}

/** Relative to `cwd` and with `/`: the output is the same on every machine. */
function siteFile(filename: string | null | undefined, cwd: string | null | undefined): string {
  if (!filename) return 'unknown';
  const file = isAbsolute(filename) && cwd ? relative(cwd, filename) : filename;
  return (isAbsolute(file) ? basename(file) : file).replaceAll('\\', '/');
}

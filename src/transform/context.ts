import type { BabelFile, NodePath } from '@babel/core';
import type * as t from '@babel/types';
import type { ResolvedOptions } from '../syntax/options.js';
import { locationText, type Sites } from '../syntax/sites.js';
import type { BabelTypes } from './names.js';
import { putNowhere } from './nowhere.js';

import { keepScope, referencedIdentifiers } from './scopes.js';
import { findSignals } from './signals.js';
import { openSites } from './sites.js';

/** The exports of the shim that compiled code uses. */
export type ShimExport =
  'apply' | 'call' | 'decorate' | 'define' | 'enter' | 'fn' | 'key' | 'method' | 'same' | 'wrap';

const PLAIN = /^[\w ./:@#$+-]*$/;

/** A method that can only be swapped once the object around it is there. */
interface ObjectMethodSwap {
  readonly path: NodePath<t.ObjectExpression>;
  readonly node: t.ObjectExpression;
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
  /** What has to be searched anew at the end. */
  readonly searches: NodePath['scope'][] = [];
  readonly #sites: Sites;
  readonly #params: t.Identifier[] = [];
  #keys = 0;
  #bodyId: t.Identifier | undefined;
  #errorId: t.Identifier | undefined;
  #signals: Map<t.Node, NodePath<t.Node>[]> | undefined;
  #definitions: t.Identifier | undefined;
  readonly #references: NodePath<t.Identifier>[] = [];

  constructor(
    readonly t: BabelTypes,
    file: BabelFile,
    readonly options: ResolvedOptions,
  ) {
    this.program = file.path;
    this.code = file.code || undefined;
    this.#sites = openSites(file);
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
      putNowhere(this.t.cloneNode(local)),
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

  /** What the body of a generator function calls its record. */
  bodyId(): t.Identifier {
    return (this.#bodyId ??= this.uid('gen'));
  }

  errorId(): t.Identifier {
    return (this.#errorId ??= this.uid('error'));
  }

  /** The calls of `asyncGenSignal()` in the body of a generator function. */
  signalsOf(fn: t.Node): NodePath<t.Node>[] {
    this.#signals ??= findSignals(this);
    return this.#signals.get(fn) ?? [];
  }

  /**
   * Where a function stands and its name, as far as it is known: `file:line:column name`. Either
   * part may be missing.
   */
  location(node: t.Node, name: string | undefined): t.StringLiteral | undefined {
    const at = this.options.locations && node.loc ? this.#sites.locate(node.loc.start) : undefined;
    const text = locationText(at, name);
    return text === undefined ? undefined : this.string(text);
  }

  /** The line of a `yield`, in the file of its function. */
  line(node: t.Node): t.NumericLiteral | undefined {
    if (!this.options.locations || !node.loc) return undefined;
    return this.t.numericLiteral(this.#sites.locate(node.loc.start).line);
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
      // Its own `scope` may be that of before the body of a function became a block.
      const binding = scopeAround(reference).getBinding(reference.node.name);
      if (binding) binding.reference(reference);
      else this.program.scope.addGlobal(reference.node);
    }
    for (const scope of this.searches) scope.crawl();
  }
}

/** The key and the decorators of a method are evaluated in the scope around it. */
function scopeAround(path: NodePath<t.Node>): NodePath['scope'] {
  let at = path;
  for (;;) {
    const isOutside = at.key === 'key' || at.listKey === 'decorators';
    at = at.parentPath!;
    if (at.isScope() && !(isOutside && at.isMethod())) return at.scope;
  }
}

import { basename, isAbsolute, relative } from 'node:path';
import type { BabelFile, NodePath } from '@babel/core';
import type * as t from '@babel/types';
import { freePrivateName, referencedIdentifiers, type BabelTypes } from './names.js';
import type { ResolvedOptions } from './options.js';

/** The exports of the shim that compiled code uses. */
export type ShimExport =
  'apply' | 'call' | 'decorate' | 'define' | 'fn' | 'key' | 'method' | 'same' | 'wrap';

/** Under this key of Babel's `metadata` stands how many generator functions of the file were compiled. */
export const METADATA_KEY = 'asyncgenHooks';

/** `@jsx`, `@jsxRuntime`, `@ts-nocheck`…, which hold for the whole file. */
const PRAGMA = /@(?:jsx|ts-(?:no)?check\b)/;

interface ObjectMethodSwap {
  readonly path: NodePath<t.ObjectExpression>;
  readonly key: t.Expression;
  readonly location: t.StringLiteral | undefined;
  /** Another function may have taken its place. */
  readonly isContested: boolean;
}

/** One file's compilation: what it needs from the shim, and what stands at its top. */
export class FileContext {
  readonly program: NodePath<t.Program>;
  /** The text of the file, where there is one. */
  readonly code: string | undefined;
  readonly #imports = new Map<ShimExport, t.Identifier>();
  #keys = 0;
  readonly #params: t.Identifier[] = [];
  readonly #references: NodePath<t.Identifier>[] = [];
  readonly #classes = new Map<NodePath<t.ClassBody>, t.Expression[]>();
  readonly #file: string;
  readonly #definitions: { record: t.Identifier; call: t.CallExpression }[] = [];
  #definitionsId: t.Identifier | undefined;

  /** Methods that can only be swapped once the object around them is there. */
  readonly methods: ObjectMethodSwap[] = [];

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
    let local = this.#imports.get(name);
    if (local === undefined) this.#imports.set(name, (local = this.uid(name)));
    while (args.length > 0 && args.at(-1) === undefined) args.pop();
    return this.t.callExpression(
      this.t.cloneNode(local),
      args.map((arg) => arg ?? this.t.unaryExpression('void', this.t.numericLiteral(0))),
    );
  }

  /**
   * Tells the scopes of the references that the plugin made in `path`, so that other plugins find
   * them. To have Babel crawl the file again would cost more than the rest of the work.
   */
  refer(path: NodePath<t.Node>): void {
    this.#references.push(...referencedIdentifiers(this.t, path));
  }

  /** `file:line:column`, or nothing where locations are off or unknown. */
  location(node: t.Node): t.StringLiteral | undefined {
    if (!this.options.locations || !node.loc) return undefined;
    const { line, column } = node.loc.start;
    return this.t.stringLiteral(`${this.#file}:${line}:${column}`);
  }

  /**
   * Lets `call` (of the shim's `define`) run before all else in the module, once.
   * @returns an expression for what it returned.
   */
  define(call: t.CallExpression, name: string): t.Expression {
    const { t } = this;
    const record = this.uid(`${name}Record`);
    const definitions = (this.#definitionsId ??= this.uid('definitions'));
    this.#definitions.unshift({ record, call });
    const make = t.callExpression(t.cloneNode(definitions), []);
    return t.logicalExpression(
      '||',
      t.cloneNode(record),
      t.sequenceExpression([make, t.cloneNode(record)]),
    );
  }

  /** Lets `call` run before all else that is static in the class. */
  addToClass(body: NodePath<t.ClassBody>, call: t.CallExpression): void {
    this.#classes.set(body, [call, ...(this.#classes.get(body) ?? [])]);
  }

  /** Puts in what belongs around or above the functions. */
  finish(): void {
    for (const { path, key, location, isContested } of this.methods) {
      const contested = isContested ? this.t.booleanLiteral(true) : undefined;
      path.replaceWith(this.call('method', path.node, key, location, contested));
      this.refer(path.get('callee') as NodePath<t.Identifier>);
    }
    for (const [body, calls] of this.#classes) this.#swapMethods(body, calls);
    if (this.#imports.size === 0) return;
    this.#defineAll();
    this.#importShim();
    for (const reference of this.#references) {
      reference.scope.getBinding(reference.node.name)?.reference(reference);
    }
  }

  /**
   *     static #_ = method(this.prototype, 'items', 'file:1:2');
   *
   * A field, not a static block: engines have had it for longer, and a configuration that compiles
   * classes need not know of static blocks (Babel throws then).
   */
  #swapMethods(body: NodePath<t.ClassBody>, calls: t.Expression[]): void {
    const { t } = this;
    const value = calls.length === 1 ? calls[0]! : t.sequenceExpression(calls);
    const key = t.privateName(t.identifier(freePrivateName(this, body, '_')));
    const [field] = body.unshiftContainer('body', t.classPrivateProperty(key, value, [], true));
    this.refer(field!);
  }

  /**
   *     var _record;
   *     _record || _definitions();
   *     function _definitions() { _record = define(gen, _gen, 'file:1:0'); }
   */
  #defineAll(): void {
    const { t, program } = this;
    const id = this.#definitionsId;
    if (id === undefined) return;
    const records = this.#definitions.map(({ record }) => record);
    const assignments = this.#definitions.map(({ record, call }) =>
      t.expressionStatement(t.assignmentExpression('=', t.cloneNode(record), call)),
    );
    const call = t.callExpression(t.cloneNode(id), []);
    const placed = program.unshiftContainer('body', [
      t.variableDeclaration(
        'var',
        records.map((record) => t.variableDeclarator(record)),
      ),
      t.expressionStatement(t.logicalExpression('||', t.cloneNode(records[0]!), call)),
      t.functionDeclaration(id, [], t.blockStatement(assignments)),
    ]);
    for (const path of placed) {
      if (path.isDeclaration()) program.scope.registerDeclaration(path);
      this.refer(path);
    }
  }

  /**
   * The import stands at the very top: in a circle of modules the shim has to be there before any
   * member of the circle runs.
   */
  #importShim(): void {
    const { t, program } = this;
    const source = t.stringLiteral(this.options.importSource);
    const names = [...this.#imports].sort(([a], [b]) => (a < b ? -1 : 1));
    const statement = this.isModule
      ? t.importDeclaration(
          names.map(([name, local]) => t.importSpecifier(local, t.identifier(name))),
          source,
        )
      : t.variableDeclaration('const', [
          t.variableDeclarator(
            t.objectPattern(
              names.map(([name, local]) => t.objectProperty(t.identifier(name), local)),
            ),
            t.callExpression(t.identifier('require'), [source]),
          ),
        ]);
    const top = program.node.body.find(({ leadingComments }) => leadingComments?.length);
    const [path] = program.unshiftContainer('body', statement as t.Statement);
    program.scope.registerDeclaration(path!);
    // TypeScript heeds a pragma only in front of all code.
    const isPragma = ({ value }: t.Comment): boolean => PRAGMA.test(value);
    statement.leadingComments = top?.leadingComments?.filter(isPragma);
    if (top) top.leadingComments = top.leadingComments?.filter((comment) => !isPragma(comment));
  }
}

/** Relative to `cwd` and with `/`: the output is the same on every machine. */
function siteFile(filename: string | null | undefined, cwd: string | null | undefined): string {
  if (!filename) return 'unknown';
  const file = isAbsolute(filename) && cwd ? relative(cwd, filename) : filename;
  return (isAbsolute(file) ? basename(file) : file).replaceAll('\\', '/');
}

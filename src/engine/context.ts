import type * as t from '@babel/types';
import { importsShim } from '../syntax/nodes.js';
import type { ResolvedOptions } from '../syntax/options.js';
import { locationText, type Sites } from '../syntax/sites.js';
import { Edits } from './edits.js';
import { Path } from './path.js';
import { findSignals } from './signals.js';
import { FreeNames, quoted } from './text.js';

/** The exports of the shim that compiled code uses. */
export type ShimExport =
  'apply' | 'call' | 'decorate' | 'define' | 'enter' | 'fn' | 'key' | 'method' | 'same' | 'wrap';

/** A declaration at the top level: two functions, and what the shim has to know of them. */
export interface Pair {
  readonly record: string;
  /** The call of `define`. */
  readonly define: string;
}

interface Given {
  readonly file: t.File;
  readonly code: string;
  readonly options: ResolvedOptions;
  readonly sites: Sites;
  readonly isModule: boolean;
  readonly shim: ((isModule: boolean) => string) | undefined;
}

/** What a text says to who reads the counts of V8 in it. */
export interface Names {
  /** Functions that have another name in the source, or (`null`) do not stand there. */
  readonly renamed: Readonly<Record<string, string | null>>;
  /** Of each body at whose end V8 counts nothing: where its last statement ends, and where it is closed. */
  readonly tails: readonly (readonly [end: number, close: number])[];
  /** Where the classes end that have no static initializer of their own. */
  readonly classEnds: readonly number[];
}

/** One file's compilation: what it needs from the shim, and what goes into the text. */
export class FileContext implements Names {
  readonly program: Path<t.Program>;
  readonly code: string;
  readonly isModule: boolean;
  readonly options: ResolvedOptions;
  /** What the runtime is imported by. */
  readonly importSource: string;
  readonly edits: Edits;
  readonly imports = new Map<ShimExport, string>();
  readonly pairs: Pair[] = [];
  readonly renamed: Record<string, string | null> = {};
  readonly tails: [end: number, close: number][] = [];
  readonly classEnds: number[] = [];
  /** The generator functions that are compiled. */
  compiled: ReadonlySet<t.Node> = new Set();
  /** By `switch` statement: the functions declared right in its cases. */
  readonly switches = new Map<t.SwitchStatement, { name: string; value: string }[]>();
  /** What has to run before all else that is static in a class. */
  readonly classes = new Map<t.ClassBody, { path: Path<t.ClassBody>; calls: string[] }>();
  /** Of arrow functions that became blocks: the variables in those. */
  readonly arrows = new Map<t.ArrowFunctionExpression, string[]>();
  /** Variables of the top level that keep computed keys. */
  readonly keys: string[] = [];
  readonly #names: FreeNames;
  readonly #sites: Sites;
  readonly #params: string[] = [];
  readonly #semicolons = new Set<number>();
  #bodyId: string | undefined;
  #errorId: string | undefined;
  #definitions: string | undefined;
  #signals: Map<t.Node, Path<t.CallExpression>[]> | undefined;

  constructor({ file, code, options, sites, isModule, shim }: Given) {
    this.program = new Path(file.program, null, 'program', false);
    this.code = code;
    this.isModule = isModule;
    this.options = options;
    this.importSource = shim?.(isModule) ?? options.importSource;
    this.edits = new Edits(code);
    this.#names = new FreeNames(code);
    this.#sites = sites;
  }

  get isCompiled(): boolean {
    const sources = [this.importSource, this.options.importSource];
    return importsShim(this.program.node, (source) => sources.includes(source));
  }

  /** A name that the file does not have: `_name`, or one like it. */
  uid(name: string): string {
    return this.#names.take(name);
  }

  /** The parameter at `index` of a function that only counts its parameters. */
  param(index: number): string {
    return (this.#params[index] ??= this.uid('x'));
  }

  /** What a shim export is called here. Jest lets a factory of `jest.mock()` refer to `mock…` only. */
  shim(name: ShimExport): string {
    let local = this.imports.get(name);
    if (local !== undefined) return local;
    local = this.code.includes('jest.mock')
      ? this.#names.takeAs(`mockAsyncgenHooks_${name}`)
      : this.uid(name);
    this.imports.set(name, local);
    return local;
  }

  /** `, a, b` behind the first argument of a call; what is not there at the end is left out. */
  rest(...args: (string | undefined)[]): string {
    while (args.length > 0 && args.at(-1) === undefined) args.pop();
    return args.map((arg) => `, ${arg ?? 'void 0'}`).join('');
  }

  /** The function that runs the definitions of all pairs. */
  get definitions(): string {
    return (this.#definitions ??= this.uid('definitions'));
  }

  /** What the body of a generator function calls its record. */
  get body(): string {
    return (this.#bodyId ??= this.uid('gen'));
  }

  get error(): string {
    return (this.#errorId ??= this.uid('error'));
  }

  /** The calls of `asyncGenSignal()` in the body of a generator function. */
  signalsOf(fn: t.Node): Path<t.CallExpression>[] {
    this.#signals ??= findSignals(this);
    return this.#signals.get(fn) ?? [];
  }

  /** Where a function stands and its name, as far as it is known; as a string literal. */
  location(node: t.Node, name: string | undefined): string | undefined {
    const at = this.options.locations ? this.#sites.locate(node.loc!.start) : undefined;
    const text = locationText(at, name);
    return text === undefined ? undefined : quoted(text);
  }

  /** The line of a `yield`, in the file of its function. */
  line(node: t.Node): string | undefined {
    return this.options.locations ? String(this.#sites.locate(node.loc!.start).line) : undefined;
  }

  /**
   * Puts a text at the top of a block, behind its directives.
   * @param open where what opens it ends.
   */
  top(open: number, directives: readonly t.Directive[] | undefined, text: string, order = 0): void {
    const last = directives?.at(-1);
    const at = last?.end ?? open;
    if (last && this.code[at - 1] !== ';' && !this.#semicolons.has(at)) {
      this.#semicolons.add(at);
      this.edits.top(at, ';', -Infinity);
    }
    this.edits.top(at, text, order);
  }
}

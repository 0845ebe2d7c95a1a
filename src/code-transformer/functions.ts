import {
  block,
  call,
  id,
  isDirective,
  namesIn,
  replace,
  returns,
  statement,
  text,
  variable,
  type Node,
} from './nodes.js';

/** What the shim exports, as the file has it. */
export type Shim = Record<'apply' | 'define' | 'enter' | 'fn' | 'method' | 'same' | 'wrap', string>;

export interface Place {
  readonly shim: Shim;
  readonly importOfShim: Node;
  /** `file:line:column`; the name is put behind it. */
  readonly location: string;
  readonly parent: Node;
  /** The nodes around, from the nearest to the program. */
  readonly ancestry: readonly Node[];
  /** A name that is free in the file. */
  free(name: string): string;
}

const locate = ({ location }: Place, name: string): Node => text(`${location} ${name}`);

/** Puts the visible function in the place of `fn`, whose body has been compiled. */
export function wrapFunction(fn: Node, place: Place): void {
  if (fn.type === 'FunctionDeclaration') return wrapDeclaration(fn, place);
  const { parent } = place;
  if (parent.type === 'MethodDefinition') return wrapMethod(fn, place);
  if (parent.type === 'Property' && parent.method === true) return wrapObjectMethod(fn, place);
  return wrapExpression(fn, place);
}

function wrapDeclaration(fn: Node, place: Place): void {
  const { shim, parent, ancestry, free } = place;
  const isDefault = fn.id === null;
  const own = isDefault ? free('_default') : ((fn.id as Node).name as string);
  const [inner, record, definitions] = ['', 'Record', 'Definitions'].map((part) =>
    free(`_${own}${part}`),
  ) as [string, string, string];
  const isExported = parent.type.startsWith('Export');
  const list = (isExported ? ancestry.find(({ type }) => type === 'Program') : parent) as Node;
  if (list.type !== 'Program' && list.type !== 'BlockStatement')
    throw refusal(`the function "${own}" stands in a ${list.type}. Move it into a block.`);
  const body = list.body as Node[];
  const defining = call(
    id(shim.define),
    id(own),
    id(inner),
    locate(place, isDefault ? 'default' : own),
    ...(isDefault ? [text('default')] : []),
  );
  const innerFunction: Node = { ...fn, id: id(inner) };
  const isTop = list.type === 'Program';
  const assign: Node = {
    type: 'AssignmentExpression',
    operator: '=',
    left: id(record),
    right: defining,
  };
  const or = (right: Node): Node => ({
    type: 'LogicalExpression',
    operator: '||',
    left: id(record),
    right,
  });
  const defined = call(id(definitions));
  const sequence: Node = { type: 'SequenceExpression', expressions: [defined, id(record)] };
  const construct: Node = {
    type: 'LogicalExpression',
    operator: '||',
    left: { type: 'MetaProperty', meta: id('new'), property: id('target') },
    right: call(id(shim.apply), id(inner), { type: 'ThisExpression' }, id('arguments')),
  };
  const params = fn.params as Node[];
  const length = params.findIndex(({ type }) => /^(?:AssignmentPattern|RestElement)$/.test(type));
  replace(fn, {
    ...functionNode('FunctionDeclaration', id(own), [
      { ...statement(text('use strict')), directive: 'use strict' },
      returns(call(id(shim.wrap), construct, isTop ? or(sequence) : id(record))),
    ]),
    params: params.slice(0, length < 0 ? params.length : length).map((_, i) => id(free(`_x${i}`))),
  });
  body.push(innerFunction);
  // A circular importer may call a function of the top level before this file has run.
  if (isTop) body.push(functionNode('FunctionDeclaration', id(definitions), [statement(assign)]));
  if (!isTop) return insertFirst(body, variable('let', id(record), defining));
  const first = [variable('var', id(record), null), statement(or(defined))];
  body.splice(body.indexOf(place.importOfShim) + 1, 0, ...first);
}

function wrapExpression(fn: Node, place: Place): void {
  const { shim, parent } = place;
  const own = (fn.id as Node | null)?.name as string | undefined;
  const given = nameFrom(parent, fn);
  const inner = { ...fn };
  const named: Node =
    own === undefined && given !== undefined
      ? { type: 'ObjectExpression', properties: [property(given, inner)] }
      : inner;
  replace(fn, call(id(shim.fn), named, locate(place, own ?? given ?? '')));
}

/** The name that an anonymous function gets from where it stands. */
function nameFrom(parent: Node, fn: Node): string | undefined {
  const left = (parent.type === 'VariableDeclarator' ? parent.id : parent.left) as Node | undefined;
  const isRight = parent.init === fn || parent.right === fn;
  if (isRight && left?.type === 'Identifier') return left.name as string;
  if (parent.type === 'Property') return keyOf(parent);
  return undefined;
}

function wrapObjectMethod(fn: Node, place: Place): void {
  const { shim, parent } = place;
  const key = keyOf(parent);
  if (key === undefined) throw refusal('a method with a computed key. Give it a name.');
  if (usesSuper(fn)) throw refusal(`the method "${key}" uses super. Leave it out.`);
  const method: Node = { ...property(key, { ...fn }), method: true };
  parent.method = false;
  replace(
    fn,
    call(id(shim.fn), { type: 'ObjectExpression', properties: [method] }, locate(place, key)),
  );
}

function wrapMethod(fn: Node, place: Place): void {
  const { shim, parent, ancestry, free } = place;
  const classBody = ancestry.find(({ type }) => type === 'ClassBody')!;
  const members = classBody.body as Node[];
  const key = keyOf(parent);
  if (key === undefined) throw refusal('a method with a computed key. Give it a name.');
  const self: Node = { type: 'ThisExpression' };
  const hidden: Node = { type: 'PrivateIdentifier', name: free(`_${key}`) };
  const memberOf = (object: Node, prop: Node): Node => ({
    type: 'MemberExpression',
    object,
    property: prop,
    computed: false,
    optional: false,
  });
  if ((parent.key as Node).type === 'PrivateIdentifier') {
    const name = `#${key}`;
    const same = call(id(shim.same), memberOf(self, hidden), locate(place, name), text(name));
    members.push({ ...parent, key: hidden, value: { ...fn } });
    parent.kind = 'get';
    replace(fn, functionNode('FunctionExpression', null, [returns(same)]));
    return;
  }
  const home = parent.static === true ? self : memberOf(self, id('prototype'));
  members.unshift({
    type: 'PropertyDefinition',
    key: hidden,
    value: call(id(shim.method), home, text(key), locate(place, key)),
    computed: false,
    static: true,
    decorators: [],
  });
}

const property = (key: string, value: Node): Node => ({
  type: 'Property',
  key: text(key),
  value,
  kind: 'init',
  method: false,
  shorthand: false,
  computed: false,
});

const functionNode = (type: string, name: Node | null, body: Node[]): Node => ({
  type,
  id: name,
  params: [],
  body: block(body),
  async: false,
  generator: false,
  expression: false,
});

/** Behind the directives. */
export function insertFirst(list: Node[], ...nodes: Node[]): void {
  const at = list.findIndex((each) => !isDirective(each) && !isImport(each));
  list.splice(at < 0 ? list.length : at, 0, ...nodes);
}

const isImport = ({ type }: Node): boolean => type === 'ImportDeclaration';

function keyOf({ key, computed }: Node): string | undefined {
  const { name, value } = key as { name?: string; value?: unknown };
  return computed === true ? undefined : (name ?? String(value));
}

function usesSuper(node: Node): boolean {
  return JSON.stringify(node, (key, value: unknown) =>
    key === 'loc' ? undefined : value,
  ).includes('"type":"Super"');
}

/** Names that are taken in `program`, and those that were given since. */
export function freeNames(program: Node): (name: string) => string {
  const taken = namesIn(program);
  return (name) => {
    let free = name.replace(/[^\w$]/g, '_');
    while (taken.has(free)) free = `_${free}`;
    taken.add(free);
    return free;
  };
}

const refusal = (fact: string): Error =>
  Object.assign(new Error(`asyncgen-hooks/code-transformer: ${fact}`), {
    code: 'ERR_ASYNCGEN_TRANSFORM',
  });

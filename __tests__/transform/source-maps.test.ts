import { describe, expect, test } from '@jest/globals';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { transform } from '../helpers/babel.js';

const source = `export async function* declared(a = fail('default')) {
  yield mark('declared');
}
const expressed = async function* () {
  yield mark('expressed');
};
class A {
  async *method() {
    yield mark('method');
  }
  async *#secret() {
    yield mark('secret');
  }
}
const object = {
  async *member() {
    yield mark('member');
  },
};
function outer() {
  return nested();
  async function* nested() {
    yield mark('nested');
  }
}
(async function* () {
  yield mark('called');
})();
switch (1) {
  case 1:
    async function* cased() {
      yield mark('cased');
    }
}
`;

const position = (text: string, needle: string): { line: number; column: number } => {
  const before = text.slice(0, text.indexOf(needle)).split('\n');
  return { line: before.length, column: before.at(-1)!.length };
};

describe.each([
  ['as it stands', {}],
  ['lowered to ES5', { presets: [['@babel/preset-env', { targets: 'ie 11' }]] }],
] as const)('source maps, %s', (_, options) => {
  const { code, map } = transform(source, {
    ...(options as object),
    plugins: ['asyncgen-hooks/babel'],
    sourceMaps: true,
  });
  const trace = new TraceMap(map as never);

  test.each([
    ...['declared', 'expressed', 'method', 'secret', 'member', 'nested', 'called', 'cased'].map(
      (name) => `mark('${name}')`,
    ),
    "fail('default')",
  ])('%s maps to its own line and column', (needle) => {
    const found = originalPositionFor(trace, position(code!, needle));
    expect({ line: found.line, column: found.column }).toEqual(position(source, needle));
  });
});

import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import ts from 'typescript';

/**
 * What a TypeScript user writes under `strict`, checked against the types that are published. Each
 * line that has to be an error says so by `@ts-expect-error`, which is an error itself if there is none.
 */
const program = `
import {
  addAsyncGenHooks,
  asyncGenSignal,
  getAsyncGenHandle,
  getAsyncGenState,
  setAsyncGenHooks,
  type AsyncGenHandle,
  type AsyncGenState,
} from 'asyncgen-hooks';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';

const names: string[] = [];
setAsyncGenHooks({
  init: (gen, { site }) => void names.push(site.name),
  firstiter: (_gen, { site: { file = 'unknown', line = 0 } }) => void names.push(file, line.toFixed()),
  iter: (_gen, value, { items }) => (items > 10 ? String(value) : undefined),
  finalizer(gen, outcome, { site }) {
    names.push(site.name);
    if (outcome.type === 'closed' || outcome.type === 'exhausted') outcome.value satisfies unknown;
    if (outcome.type === 'failed') outcome.error satisfies unknown;
    // @ts-expect-error an abandoned one has no value
    if (outcome.type === 'abandoned') outcome.value;
    if (outcome.type === 'abandoned') return gen.return();
    return undefined;
  },
  resume: (_gen, step, name, { site, state, parked }) => {
    names.push(site.name, state, name === 'next' ? 'n' : name);
    // @ts-expect-error it is parked only while it is suspended
    parked.line;
    names.push(String(parked?.line));
    return step();
  },
});
using added = addAsyncGenHooks({ finalizer: async (_gen, { type }, handle) => void names.push(type, handle.site.name) });
added.remove();

const gen: AsyncGenerator<number, string, boolean> = (async function* () {
  const signal: AbortSignal = asyncGenSignal();
  return (yield 1) ? 'a' : String(signal.aborted);
})();
const state: AsyncGenState | undefined = getAsyncGenState(gen);
const handle: AsyncGenHandle | undefined = getAsyncGenHandle(gen);
if (handle) names.push(handle.site.name, String(handle.generator()?.next()));
// @ts-expect-error a program may ask for what is not ours
getAsyncGenHandle(gen).site;
// @ts-expect-error there is none of that name
setAsyncGenHooks({ finaliser() {} });
// @ts-expect-error an item of a generator may be anything
setAsyncGenHooks({ iter: (_gen, value) => value.length });
// @ts-expect-error facts are not to be changed
setAsyncGenHooks({ init: (_gen, handle) => void (handle.site.name = '') });

for (const live of trackAsyncGens().live()) names.push(live.state, String(live.parked?.line ?? 0));
export { names, state };
`;

test('hooks take their arguments without an assertion, under strict', () => {
  const file = join(__dirname, 'types-of-a-user.mts');
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    // The published types are checked as well.
    skipLibCheck: false,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.esnext.d.ts', 'lib.dom.d.ts'],
    types: [],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? program : readFile(name));
  host.getSourceFile = (name, version, ...rest) =>
    name === file
      ? ts.createSourceFile(name, program, version, true)
      : getSourceFile(name, version, ...rest);
  const found = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
  const messages = found.map(({ messageText, file: at, start }) => {
    const line = at && start !== undefined ? at.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  expect(messages).toEqual([]);
});

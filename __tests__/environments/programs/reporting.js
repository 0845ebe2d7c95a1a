/** Sets hooks that fail where no step can reject, and listens where this host reports. */
import { addAsyncGenHooks, setAsyncGenHooks } from 'asyncgen-hooks';

const record = [];
const reported = [];
const note = ({ name, code, message, cause }) =>
  void reported.push({ name, code, message, cause: String(cause) });
const { process, addEventListener } = globalThis;
if (process) process.on('warning', note);
else if (addEventListener) addEventListener('error', ({ error }) => note(error));
else console.error = note;

async function* generator() {
  yield 1;
}

setAsyncGenHooks({
  finalizer() {
    throw new RangeError('at once');
  },
});
addAsyncGenHooks({
  async finalizer() {
    throw 'later';
  },
});
addAsyncGenHooks({ finalizer: (_, { type }) => void record.push(type) });

const turn = () => new Promise((resolve) => (globalThis.setImmediate ?? setTimeout)(resolve));

async function main() {
  for await (const value of generator()) record.push(value);
  await turn();
  console.log(JSON.stringify({ record, reported }));
}

main();

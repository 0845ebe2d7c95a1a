/** Calls the generator functions of `a.js`, whose body waits until this one has run. */
import { describeAsyncGen, setAsyncGenHooks } from 'asyncgen-hooks';
import anonymous, { named } from './a.js';

export const record = [];

const show = (gen) => {
  const { name, file, line, column } = describeAsyncGen(gen);
  return `${name} ${file}:${line}:${column}`;
};
setAsyncGenHooks({
  init: (gen) => void record.push(`init ${show(gen)}`),
  firstiter: (gen) => void record.push(`firstiter ${show(gen)}`),
  iter: (gen, value) => void record.push(`iter ${show(gen)} ${value}`),
  finalizer: (gen, { type }) => void record.push(`finalizer ${show(gen)} ${type}`),
});

async function consume(fn, ...args) {
  const gen = fn(...args);
  record.push(`${fn.name} ${fn.length} ${gen instanceof fn} ${fn.prototype.isPrototypeOf(gen)}`);
  for await (const value of gen) record.push(`value ${value}`);
}

const first = consume(named, 1);
const second = consume(anonymous);
export const done = first.then(() => second);

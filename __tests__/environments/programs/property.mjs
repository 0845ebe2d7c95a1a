/** Tries to take the registry away. */
import { getAsyncGenHooks, setAsyncGenHooks } from 'asyncgen-hooks';

const key = Symbol.for('asyncgen-hooks/1');
const firstiter = () => {};
setAsyncGenHooks({ firstiter });
const attempts = {
  assign: () => (globalThis[key] = {}),
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
  delete: () => delete globalThis[key],
  define: () => Object.defineProperty(globalThis, key, { value: {} }),
};
const answers = Object.entries(attempts).map(([name, attempt]) => {
  try {
    attempt();
    return [name, 'done'];
  } catch ({ name: error }) {
    return [name, error];
  }
});
console.log(
  JSON.stringify({
    ...Object.fromEntries(answers),
    isEnumerable: Object.prototype.propertyIsEnumerable.call(globalThis, key),
    isKept: getAsyncGenHooks().firstiter === firstiter,
  }),
);

/** How deep `yield*` goes in a first step, with each set of hooks. */
import { addAsyncGenHooks } from 'asyncgen-hooks';

async function* walk(depth) {
  if (depth > 0) yield* walk(depth - 1);
  yield depth;
}

async function deepest() {
  let [works, fails] = [1, 20_000];
  while (fails - works > 20) {
    const depth = (works + fails) >> 1;
    const isDeep = await walk(depth)
      .next()
      .then(
        () => true,
        () => false,
      );
    if (isDeep) works = depth;
    else fails = depth;
  }
  return works;
}

const depths = {};

async function main() {
  depths.quiet = await deepest();
  for (const hooks of [
    { finalizer() {} },
    { iter: (_, value) => value },
    { resume: (_, step) => step() },
  ]) {
    const added = addAsyncGenHooks(hooks);
    depths[Object.keys(hooks)[0]] = await deepest();
    added.remove();
  }
  console.log(JSON.stringify(depths));
}

main();

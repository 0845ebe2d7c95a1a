import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import vm from 'node:vm';

/** Loads a CommonJS module, and all that it requires, inside `context`. */
export function loadIn(context, file) {
  const modules = new Map();
  const load = (path) => {
    const loaded = modules.get(path);
    if (loaded) return loaded.exports;
    const module = { exports: {} };
    modules.set(path, module);
    const wrapper = `(function (exports, require, module) {${readFileSync(path, 'utf8')}\n})`;
    const { resolve } = createRequire(path);
    vm.runInContext(wrapper, context, { filename: path })(
      module.exports,
      (name) => load(resolve(name)),
      module,
    );
    return module.exports;
  };
  return load(file);
}

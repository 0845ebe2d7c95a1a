import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import vm from 'node:vm';
import { CompilerCrash } from './compile.mjs';

const SHIM = 'asyncgen-hooks/shim';

/** The modules of one realm: the test, its fixtures and the shim. */
export class ModuleLoader {
  #modules = new Map();
  #started = new Map();

  /** @param load `(text, name, isModule, make)`: compiles and makes a script or a module. */
  constructor(root, realm, load) {
    this.root = root;
    this.realm = realm;
    this.load = load;
  }

  /** For `importModuleDynamically`; `importer` is the name of the file that imports. */
  importFrom(importer) {
    return (specifier) => this.#import(specifier, importer);
  }

  parse(text, name) {
    const options = {
      context: this.realm.global,
      identifier: name,
      importModuleDynamically: this.importFrom(name),
    };
    const module = this.load(text, name, true, (code) => new vm.SourceTextModule(code, options));
    this.#modules.set(name, module);
    return module;
  }

  link(module) {
    return module.link((specifier, { identifier }) => this.#resolve(specifier, identifier));
  }

  async #import(specifier, importer) {
    const module = this.#resolve(specifier, importer);
    if (module.status === 'unlinked') this.#started.set(module, this.link(module));
    await this.#started.get(module);
    if (module.status === 'linked') this.#started.set(module, module.evaluate());
    await this.#started.get(module);
    return module;
  }

  #resolve(specifier, importer) {
    const name = specifier === SHIM ? SHIM : posix.join(posix.dirname(importer), specifier);
    const known = this.#modules.get(name);
    if (known !== undefined) return known;
    if (name === SHIM) return this.#synthesize(SHIM, this.realm.require(SHIM));
    const text = readFileSync(join(this.root, name), 'utf8');
    if (!name.endsWith('.json')) return this.parse(text, name);
    const parse = vm.runInContext('(text) => ({ default: JSON.parse(text) })', this.realm.global);
    return this.#synthesize(name, parse(text));
  }

  #synthesize(name, exports) {
    const names = Object.keys(exports);
    const module = new vm.SyntheticModule(
      names,
      () => names.forEach((key) => module.setExport(key, exports[key])),
      { context: this.realm.global, identifier: name },
    );
    this.#modules.set(name, module);
    return module;
  }
}

/**
 * What `compile` refuses goes to the engine as it is, for the error to be one of the realm. If the
 * engine takes it, the refusal stands.
 */
export const loadBy = (compile) => (text, name, isModule, make) => {
  let code;
  try {
    code = compile(text, name, isModule);
  } catch (refusal) {
    if (refusal instanceof CompilerCrash) throw refusal;
    make(text);
    throw new CompilerCrash(`the compiler refuses what the engine takes: ${refusal.message}`);
  }
  return make(code);
};

import type { OutputChunk, Plugin } from 'rolldown';

/**
 * Makes each ES module a door to the CommonJS file beside it: for what only Node loads, a second copy of the code
 * would be a second copy to install. Types stay two.
 */
export const esmDoors = (): Plugin => ({
  name: 'esm-doors',
  generateBundle({ format, exports: mode }, bundle) {
    if (format !== 'es') return;
    for (const [name, file] of Object.entries(bundle)) {
      if (file.type !== 'chunk' || !name.endsWith('.mjs')) continue;
      if (file.isEntry) file.code = door(file, mode !== 'named');
      else Reflect.deleteProperty(bundle, name);
    }
  },
});

/** @param isAuto whether a default export that is alone is all of `module.exports`; others are its members. */
function door({ fileName, exports }: OutputChunk, isAuto: boolean): string {
  const source = JSON.stringify(`./${fileName.split('/').pop()!.replace(/mjs$/, 'cjs')}`);
  if (exports.length === 0) return `import ${source};\n`;
  if (isAuto && exports.join() === 'default') return `export { default } from ${source};\n`;
  const lines = exports.map((name) => {
    const value = `required.${name}`;
    return name === 'default' ? `export default ${value};` : `export const ${name} = ${value};`;
  });
  return [`import required from ${source};`, ...lines, ''].join('\n');
}

/**
 * In Node 22, and before 24.11 and 25.2, an imported CommonJS module that passed a hook gets a `require` of
 * another kind: it has no cache, and fails with ERR_VM_MODULE_LINK_FAILURE for an ES module that
 * shares a dependency with what is being imported. The format that these versions use
 * themselves hands the module to `require` proper.
 */
export const hasOtherRequire = ((): boolean => {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  const mended: Record<number, number> = { 24: 11, 25: 2 };
  return major < 26 && minor < (mended[major] ?? Infinity);
})();

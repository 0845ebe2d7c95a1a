import vm from 'node:vm';

/** Slower than this many times Babel alone, and by more than a second, is a failure. */
export const SLOW = 2;

/** The first line of an error. */
export const told = (error) => `${error.name}: ${error.message}`.split('\n')[0].slice(0, 300);

/** Whether this engine parses `code`, as a script in a function or as a module. */
export function isTakenByEngine(code, { sourceType }) {
  const text = code.replace(/^\uFEFF?(?:#!.*)?/, '');
  const tries = [
    () => sourceType !== 'module' && new vm.Script(`(function () {${text}\n})`),
    () => sourceType !== 'script' && new vm.SourceTextModule(text),
  ];
  return tries.some((take) => {
    try {
      return take() !== false;
    } catch {
      return false;
    }
  });
}

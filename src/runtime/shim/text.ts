/**
 * What the call of `enter()` in a function's text becomes, so that the text works where no runtime
 * is: `eval('(' + fn + ')')`, `page.evaluate(fn)`. The marker is what minifiers leave alone.
 */
const ENTER = /(?:\(0, ?)?[\w$.]+\)?\((["'`])asyncgen-hooks\1[^)]*\)/;
const INERT =
  '({item:v=>v,from:v=>v,over:v=>v,result:v=>v,failed:()=>!0,ended(){},signal:()=>new AbortController().signal})';

const sourceOf = Function.prototype.toString;

/**
 * The text of a generator function, as its visible function shows it.
 *
 * @param own the name that the function has in its own text, and `shown` the one that the visible
 *   function has in the source: `''` if it has none.
 */
export function textOf(fn: object, own?: string, shown?: string): string {
  const text = sourceOf.call(fn).replace(ENTER, INERT);
  if (!own) return text;
  // Behind the star and what may stand there.
  const at = text.indexOf(own, text.indexOf('*') + 1);
  return at < 0 ? text : text.slice(0, at) + shown + text.slice(at + own.length);
}

import { parse } from '@babel/parser';

/** What may stand between two tokens on one line, and what ends a line. */
const INLINE = [
  ' ',
  '\t',
  '/* a */',
  '/* async function* */',
  '/*}*/',
  '/* </script> */',
  "/*'`*/",
];
const BREAKS = [
  '\n',
  '\r\n',
  '\n\n',
  '\u2028',
  '// async *x() {\n',
  '// \'"`${\n',
  '/*\n*/',
  '\n  ',
];

/** A line break behind these ends a statement, or is an error. */
const NO_BREAK_AFTER = /^(?:return|throw|break|continue|yield|async)$/;
/** The same in front of these. */
const NO_BREAK_BEFORE = /^(?:=>|\+\+|--)$/;
/** What can begin a statement, and cannot go on with the one before. */
const BEGINS = /^(?!(?:in|of|instanceof|as|satisfies)$)[\p{ID_Start}$_}]/u;
/** A statement of these kinds may end without a semicolon. */
const ENDED = new Set([
  'ExpressionStatement',
  'VariableDeclaration',
  'ReturnStatement',
  'ThrowStatement',
]);

/**
 * Writes the same program in another way: white space, comments, line ends and semicolons are what
 * `random` says. Where a text is edited by its places, this is what goes wrong first.
 *
 * @param random gives numbers from 0 to 1.
 */
export function edit(code, random, sourceType) {
  const { program, tokens: all } = parse(code, {
    sourceType,
    tokens: true,
    allowReturnOutsideFunction: true,
  });
  const tokens = all.filter(({ type }) => type !== 'CommentBlock' && type !== 'CommentLine');
  const { optional, ends } = semicolons(program);
  const one = (list) => list[Math.floor(random() * list.length)];
  const textOf = ({ start, end }) => code.slice(start, end);
  let out = code.slice(0, tokens[0].start);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    const next = tokens[i + 1];
    const text = textOf(token);
    const gap = code.slice(token.end, next?.start);
    const isLast = next === undefined || next.type.label === 'eof';
    const after = isLast ? '' : textOf(next);
    if (text === ';' && optional.has(token.start) && !isLast && BEGINS.test(after)) {
      if (random() < 0.4) {
        out += after === '}' ? one([gap, ' ', '\n']) : one(BREAKS);
        continue;
      }
    }
    out += text;
    if (ends.has(token.end) && random() < 0.1) out += one([';', ' ;', '\n;']);
    if (isLast || text === '#' || isTemplate(token) || isTemplate(next) || random() < 0.6) {
      out += gap;
      continue;
    }
    const mayBreak = !NO_BREAK_AFTER.test(text) && !NO_BREAK_BEFORE.test(after);
    if (random() < 0.3 && isTight(text, after) && !/[\n\r]|\/[/*]/.test(gap)) continue;
    out += mayBreak && random() < 0.5 ? gap + one(BREAKS) : one(INLINE) + gap;
  }
  return out;
}

/** Whether two tokens need nothing between them. */
const isTight = (a, b) =>
  (/[\w$]$/.test(a) && /^[([{'"]/.test(b)) || (/[,;([{]$/.test(a) && /^[\w$([{'"]/.test(b));

const isTemplate = ({ type }) => /^(?:`|template|\$\{)/.test(type.label ?? '');

/** Which semicolons may be left out, and behind which ends of statements one more may stand. */
function semicolons(program) {
  const optional = new Set();
  const ends = new Set();
  const visit = (node, parent, inList) => {
    if (ENDED.has(node.type) && !/^For/.test(parent.type)) {
      optional.add(node.end - 1);
      if (inList) ends.add(node.end);
    }
    for (const [key, value] of Object.entries(node)) {
      if (key === 'loc' || key === 'extra' || typeof value !== 'object' || value === null) continue;
      if (!Array.isArray(value)) {
        if (typeof value.type === 'string') visit(value, node, false);
      } else
        for (const each of value)
          if (typeof each?.type === 'string') visit(each, node, key === 'body');
    }
  };
  visit(program, program, false);
  return { optional, ends };
}

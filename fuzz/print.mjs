import { BASE, CALLS, FORMS, PARAMS } from './forms.mjs';
import { printValue } from './print-values.mjs';

const STEPS = ['next', 'return', 'throw'];
/** How many ways `$.reshape` knows. */
const SHAPES = 5;
const lines = (...texts) => texts.filter((text) => text !== '').join('\n');

/**
 * Source text of a program: functions for the top level of a file, and an expression that makes the
 * callers of its generator functions anew for each run.
 *
 * With `tells` it is the same program for the model: each body tells that it returns by itself, what
 * it threw, when it has ended, and when a `yield*` is over.
 *
 * @returns `{ top, main }`. Names begin with `prefix`: a file holds many programs.
 */
export function printProgram({ definitions, calm, plain }, prefix, tells = false) {
  return new Printer(prefix, { calm, plain, tells }).program(definitions);
}

class Printer {
  #names = 0;
  #logs = 0;
  #top = [];

  constructor(prefix, options) {
    this.prefix = prefix;
    Object.assign(this, options);
  }

  program(definitions) {
    const scope = [];
    const texts = [];
    const callers = definitions.map((definition) => {
      const { text, callee } = this.#define(definition, scope, scope.length === 0);
      const { shape, style } = definition;
      texts.push(
        text,
        shape < SHAPES ? `$.reshape(${callee}, ${shape});` : '',
        `$.look(${callee});`,
      );
      return `(...args) => $.mk((h) => ${CALLS[style](callee, 'h, ...args')})`;
    });
    const main = `() => {\n${lines(...texts)}\nreturn [${callers.join(', ')}];\n}`;
    return { top: lines(...this.#top), main };
  }

  /** Prints a definition and adds to `scope` how it is called. */
  #define({ form, params, named, body }, scope, mayBeTop = false) {
    const n = `${this.prefix}n${++this.#names}`;
    const { print, callee, hoisted, self } = FORMS[form];
    const calls = callee(n);
    scope.push(calls);
    const inside = self && named ? [...scope, self(n)] : scope;
    const fn = this.#function(n, PARAMS[params], body, inside);
    const text = print(n, fn);
    const late = hoisted === true && named === 1;
    if (!mayBeTop || !late) return { text, callee: calls, late };
    this.#top.push(text);
    return { text: '', callee: calls, late };
  }

  #function(n, params, statements, scope) {
    const text = (first = '') => {
      const all = `${first && this.#past(first)}${this.#block(statements, scope, false)}\n`;
      return `${params} {\nlet r; $.enter(h, '${n}', this, arguments.length);\n${this.#told(all)}}`;
    };
    const base = `async *m(h) { ${this.#told(`${BASE} return ${this.#returned('2')};`)} }`;
    return {
      named: (name) => `async function* ${name}${text()}`,
      anonymous: () => `async function* ${text()}`,
      method: (key, first) => `async *${key}${text(first)}`,
      base,
    };
  }

  #block(statements, outer, inLoop) {
    const scope = [...outer];
    const end = [];
    const texts = statements.map((statement) => {
      if (statement[0] !== 'define') return this.#statement(statement, scope, inLoop);
      const { text, late } = this.#define(statement[1], scope);
      if (!late) return text;
      end.push(text);
      return '';
    });
    return lines(...texts, ...end);
  }

  #statement([kind, ...parts], scope, inLoop) {
    const at = `'${kind[0]}${++this.#logs}'`;
    const block = (statements, loop = inLoop) => `{\n${this.#block(statements, scope, loop)}\n}`;
    switch (kind) {
      case 'log':
        return `$.log(${at});`;
      case 'yield':
        return this.#yield(at, ...parts);
      case 'await':
        return `$.log(${at}, await ${printValue(parts[0])});`;
      case 'return':
        return `$.log(${at}); return ${this.#returned(printValue(parts[0]))};`;
      case 'throw':
        return `$.log(${at}); throw ${printValue(parts[0])};`;
      case 'delegate':
        return this.#past(`$.log(${at}, r = yield* $.from(h, ${this.#source(parts[0], scope)}));`);
      case 'poke':
        return this.#poke(at, ...parts);
      case 'look':
        return this.#look(scope, ...parts);
      case 'prototype':
        return `$.reshape(${scope[parts[0] % scope.length]}, ${parts[1]});`;
      case 'leave':
        return inLoop ? (parts[0] ? 'break;' : 'continue;') : `$.log(${at});`;
      case 'try': {
        const [body, handler, finalizer, which] = parts;
        const caught = which === 1 ? '' : ` catch (e) {\n$.log(${at}, e);\n${block(handler)}\n}`;
        const after = which === 0 ? '' : ` finally {\n$.log(${at});\n${block(finalizer)}\n}`;
        return `try ${block(body)}${caught}${after}`;
      }
      case 'loop':
        return `for (let i = 0; i <= ${parts[0]}; i++) ${block(parts[1], true)}`;
      case 'if':
        return `if (r) ${block(parts[0])} else ${block(parts[1])}`;
      case 'for-await':
        return `for await (const x of $.over(${this.#source(parts[0], scope)})) {\n$.log(${at}, x);\n${block(parts[1], true)}\n}`;
      case 'spot':
        return this.#spot(at, scope, ...parts);
      default:
        throw new Error(`fuzz: "${kind}" is no statement.`);
    }
  }

  /** A body. */
  #told(text) {
    return this.tells
      ? `try {\n${text}\n$.own(h);\n} catch (e) { $.threw(h, e); throw e; } finally { $.left(h); }\n`
      : text;
  }

  /** A statement with a `yield*`. */
  #past(text) {
    return this.tells ? `try { ${text} } finally { $.past(h); }\n` : text;
  }

  /** A `return` waits for its value, so that it may as well be waited for in front of it. */
  #returned(text) {
    return this.tells ? `$.own(h, await ${text})` : text;
  }

  #yield(at, value, shape) {
    const text = this.plain ? `await ${printValue(value)}` : printValue(value);
    if (shape === 1) return `$.log(${at}, [yield ${text}, yield][0]);`;
    if (shape === 2) return `$.log(${at}, await (yield ${text}));`;
    return `$.log(${at}, r = yield ${text});`;
  }

  #poke(at, which, step, value, how) {
    // In a calm program who asks waits: for itself it would wait for ever.
    const waits = this.calm || how === 1;
    const own = which === 0 && (!this.calm || how === 1);
    const call = `$.step(${own ? 'h.g' : `$.peer(${which})`}, '${STEPS[step]}', ${printValue(value)})`;
    return waits ? `$.log(${at}, await ${call});` : `$.log(${at}); ${call};`;
  }

  #look(scope, which, peer) {
    const [one, other] = [which, peer].map((n) => scope[n % scope.length]);
    return `$.look(${one}, $.peer(${peer}), ${one} === ${other});`;
  }

  #source([kind, n, m, values], scope) {
    if (this.plain && kind < 4) kind = 5;
    const list = () => `[${values.map((value) => printValue(value)).join(', ')}]`;
    switch (kind) {
      case 0:
        return list();
      case 1:
        return `$.sync(${n}, ${m}, ${list()})`;
      case 2:
      case 3:
        return `$.hand(${n}, ${m})`;
      case 4:
        return m % 8 === 0 ? '3' : `$.peer(${n})`;
      default: {
        const args = ['h', ...values.map((value) => printValue(value, true))].join(', ');
        return `$.mk((h) => ${CALLS[m % CALLS.length](scope[n % scope.length], args)})`;
      }
    }
  }

  /** A function that is called where it stands. */
  #spot(at, scope, { params, named, body }, style, use) {
    const n = `${this.prefix}n${++this.#names}`;
    const self = named ? n : '';
    const fn = this.#function(n, PARAMS[params], body, named ? [...scope, n] : scope);
    const text = self ? fn.named(self) : fn.anonymous();
    const made = `$.mk((h) => ${CALLS[style](`(${text})`, 'h')})`;
    if (use === 1) return `for await (const x of ${made}) $.log(${at}, x);`;
    if (use === 0) return this.#past(`$.log(${at}, yield* $.from(h, ${made}));`);
    return `$.log(${at}); ${this.calm ? 'await ' : ''}$.step(${made}, 'next');`;
  }
}

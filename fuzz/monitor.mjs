/**
 * The contract (`docs/contract.md`, the numbers in comments) as rules over one list of events, whatever
 * the program and its timing. Where a rule would have to know what the body did (a `resume` hook
 * threw a result away, a closed body went on), it lets the generator go: the model knows.
 *
 * @returns the first rule that is broken, or `null`.
 */
export function findBroken(world) {
  const monitor = new Monitor(world.isContested);
  try {
    for (const event of world.events) monitor.see(event);
    monitor.end(world);
  } catch (error) {
    if (error instanceof Broken) return error.message;
    throw error;
  }
  return null;
}

class Broken extends Error {}

const rule = (holds, text) => {
  if (!holds) throw new Broken(text);
};
/** Behaviours of a `resume` hook that answers for the step. */
export const UNSURE = /throw|reject|never|late call|^twice$/;
const STATES = {
  pending: ['open', 'closing', 'closed'],
  settled: ['suspended', 'closed'],
};

/** What is known of one generator. */
class Life {
  inits = [];
  refused = false;
  /** Labels of the hooks in force at the first step. */
  hooks = null;
  firstStep = -1;
  firstiter = [];
  firstError = null;
  entered = false;
  /** Steps that have not settled, and for each those that it was asked for inside of. */
  open = new Map();
  /** What the `iter` pipe gave and no step has handed on yet; how far the one at work is. */
  passes = [];
  at = 0;
  last = '';
  finalized = [];
  ended = false;
  /** Items that it has given. */
  given = 0;
  /** A `return()` was asked for. */
  closing = false;
  /** A `resume` hook answered for a step. */
  unsure = false;
  /** By a `yield*`: what it gives has gone through the hooks of who reads it, too. */
  isRead = false;
}

class Monitor {
  #lives = new Map();
  /** One that is read by `yield*` gave items to others, too, or its steps failed beside it. */
  #isContested;

  /** Calls of steps that have not returned yet, innermost last. */
  #calls = [];
  #toReport = [];

  constructor(isContested) {
    this.#isContested = isContested;
  }

  see(event) {
    if (event.type === 'wrong') throw new Broken(event.what);
    const life = this.#life(event.gen);
    const handler = event.type === 'hook' ? event.name : event.type;
    this[handler](event, life, `generator ${event.gen}`);
  }

  #life(id) {
    let life = this.#lives.get(id);
    if (life === undefined) this.#lives.set(id, (life = new Life()));
    return life;
  }

  /** 9 */
  init({ label, failure }, life) {
    life.inits.push(label);
    life.refused ||= failure !== null;
  }

  made({ inForce }, { inits }, who) {
    const { init = [] } = inForce ?? {};
    rule(inits.join() === init.join(), `${who}: init of ${inits}, in force were ${init}`);
  }

  /** 15 */
  from(_, life) {
    life.isRead = true;
  }

  /** 5 */
  call({ gen, step, name, inForce }, life) {
    if (name === 'return') life.closing = true;
    const around = this.#calls.filter((other) => other.gen === gen).map((other) => other.step);
    life.open.set(step, around);
    this.#calls.push({ gen, step, resumes: [], open: [], cut: false });
    if (life.hooks !== null) return;
    life.hooks = inForce;
    life.firstStep = step;
    life.firstiter = [...inForce.firstiter];
  }

  /** 10, 11 */
  firstiter({ gen, label, failure }, life, who) {
    const now = this.#calls.at(-1);
    const isFirst = now?.gen === gen && now.step === life.firstStep;
    rule(isFirst && !life.entered, `${who}: firstiter outside the first step`);
    rule(label === life.firstiter.shift(), `${who}: ${label} out of order, or again`);
    if (failure === null) return;
    if (life.firstError === null) life.firstError = failure;
    else this.#toReport.push(failure.message);
  }

  /** 4, 11 */
  enter({ gen }, life, who) {
    const now = this.#calls.at(-1);
    rule(now?.gen === gen, `${who}: its body began outside a step of it`);
    rule(life.firstiter.length === 0, `${who}: its body began before firstiter`);
    const refused = now.step === life.firstStep && life.firstError !== null;
    rule(!refused, `${who}: its body began although firstiter threw`);
    rule(!life.entered, `${who}: its body began twice`);
    life.entered = true;
  }

  /** 24 */
  resume({ gen, label, kind }, life, who) {
    life.unsure ||= UNSURE.test(kind);
    // What its steps give is not what its reader counts.
    this.#isContested ||= life.unsure && life.isRead;
    const now = this.#calls.at(-1);
    rule(now?.gen === gen, `${who}: ${label} outside a step`);
    const expected = life.hooks.resume[now.resumes.length];
    rule(label === expected && !now.cut, `${who}: ${label} in the place of ${expected}`);
    now.resumes.push(label);
    now.open.push(label);
    now.cut = /before|never|late call/.test(kind);
  }

  out({ gen, label }, life, who) {
    const now = this.#calls.at(-1);
    if (now?.gen !== gen) return;
    rule(now.open.pop() === label, `${who}: ${label} ended before what is inside`);
  }

  leave({ step }, life, who) {
    const { resumes, cut } = this.#calls.pop();
    rule(life.firstiter.length === 0, `${who}: not every firstiter was called`);
    const refused = step === life.firstStep && life.firstError !== null;
    const expected = refused ? [] : life.hooks.resume;
    const all = cut ? resumes : expected;
    rule(resumes.join() === all.join(), `${who}: step ${step} met ${resumes}, not ${all}`);
  }

  thrown({ error }, life, who) {
    throw new Broken(`${who}: a step threw ${error}`);
  }

  /** 6, 12, 13: the pipe of a generator is gone through in order, for one item at a time. */
  iter({ label, given, gives, failure }, life, who) {
    const pipe = life.hooks.iter;
    rule(label === pipe[life.at], `${who}: ${label} in the place of ${pipe[life.at]}`);
    rule(!life.ended || life.unsure, `${who}: ${label} after the end`);
    if (life.at > 0) rule(given === life.last, `${who}: ${label} got ${given}, not ${life.last}`);
    life.last = gives;
    life.at = failure === null ? (life.at + 1) % pipe.length : 0;
    // 14: no item is given.
    if (failure === null && life.at === 0) life.passes.push(gives);
  }

  /** 16, 22, 23 */
  finalizer({ label, outcome, failure }, life, who) {
    const expected = life.hooks?.finalizer[life.finalized.length];
    rule(label === expected, `${who}: ${label} in the place of ${expected}`);
    rule(life.unsure || life.open.size > 0, `${who}: finalizer behind the step`);
    life.finalized.push(outcome);
    if (failure !== null) this.#toReport.push(failure.message);
  }

  /** 27, 28 */
  state({ state: told, pending, when }, life, who) {
    const { hooks, firstError, entered, unsure, given } = life;
    const isQuiet = told === '';
    // 25: with `resume` a step may settle before that of the body.
    if (isQuiet || unsure || hooks.resume.length > 0) return;
    if (firstError !== null && !entered) return;
    const [state, items] = told.split(' ');
    const states = pending > 0 ? STATES.pending : STATES.settled;
    rule(states.includes(state), `${who}: ${when}, it is ${state}`);
    if (pending > 0 || this.#isContested) return;
    rule(items === String(given), `${who}: ${when}, ${items} items, not ${given}`);
    if (life.ended) rule(state === 'closed', `${who}: ${when}, it has ended and is ${state}`);
  }

  settle({ step, name, ok, done, value, error }, life, who) {
    const { resume } = life.hooks;
    // Who asks from inside a step has the promise before the outer step has returned its own.
    const around = life.open.get(step) ?? [];
    const first = [...life.open.keys()].find((other) => !around.includes(other));
    // 2, 25
    const isInOrder = step === first || (resume.length > 0 && life.open.has(step));
    rule(isInOrder, `${who}: step ${step} settled out of order, or twice`);
    life.open.delete(step);
    const isInside = around.some((other) => life.open.has(other));
    if (ok && !done) {
      life.given++;
      this.#handOn(life, value, who);
      // With `resume`, a step from inside may settle, and end it, before the outer one gives its item.
      life.ended ||= life.endsInside && !isInside;
      return;
    }
    if (!ok && error === life.firstError) return;
    if (life.ended) return;
    // The outer step may be the one that ended it, and is seen later.
    if (isInside) return void (life.endsInside = true);
    life.ended = true;
    if (life.unsure || resume.length > 0) return;
    this.#ends(life, { name, ok, value, error }, who);
  }

  #handOn(life, value, who) {
    if (life.hooks.iter.length === 0 || life.unsure || this.#isContested) return;
    const isAnyOrder = life.hooks.resume.length > 0;
    if (life.isRead) return void life.passes.shift();
    const at = isAnyOrder ? life.passes.indexOf(value) : 0;
    rule(life.passes[at] === value, `${who}: ${value} was not what iter gave`);
    life.passes.splice(at, 1);
  }

  /** 16 to 20, as far as the step that ended it tells. */
  #ends({ hooks, finalized, entered, closing }, { name, ok, value, error }, who) {
    const expected = hooks.finalizer.length;
    rule(finalized.length === expected, `${who}: ${finalized.length} finalizers, not ${expected}`);
    for (const { type, told } of finalized) {
      const isClosed = type === 'closed' && closing;
      // A `return()` in front of the start may have been given a promise, and that may reject.
      const isUnbegun = isClosed && name === 'return' && !entered;
      const fits = ok
        ? isClosed || (type === 'exhausted' && told === value)
        : isUnbegun || (type === 'failed' && told === error);
      rule(fits, `${who}: ended as ${type}`);
    }
  }

  /** 1, 3, 16, 23 */
  end({ hooks, gens, ids, streams }) {
    for (const [id, life] of this.#lives) {
      const { passes, at, finalized, ended, unsure, open, isRead } = life;
      const who = `generator ${id}`;
      const isSure = open.size === 0 && !unsure && !this.#isContested;
      // A hook of who reads it may have failed for the item.
      const isAllGiven = isRead || (at === 0 && passes.length === 0);
      rule(!isSure || isAllGiven, `${who}: an item was lost behind iter`);
      rule(finalized.length === 0 || ended || !isSure, `${who}: finalizer before the end`);
      const all = life.hooks?.finalizer.length ?? 0;
      rule([0, all].includes(finalized.length), `${who}: not every finalizer was called`);
      const [first] = finalized;
      const isSame = ({ type, told }) => type === first.type && told === first.told;
      rule(finalized.every(isSame), `${who}: two outcomes`);
    }
    const held = new Set(gens);
    for (const gen of hooks.seen) {
      const isHeld = held.has(gen) || this.#life(ids.get(gen)).refused;
      rule(isHeld, 'a hook was given what the program does not hold');
    }
    const isOurs = (text) => / failed for |ERR_ASYNCGEN/.test(text);
    const reports = (streams.get('reports') ?? []).filter(isOurs);
    for (const text of this.#toReport) {
      rule(reports.includes(text), `not reported: ${text}`);
      reports.splice(reports.indexOf(text), 1);
    }
    rule(reports.length === 0, `reported without reason: ${reports}`);
    const leaked = (streams.get('unhandled') ?? []).filter(isOurs);
    rule(leaked.length === 0, `rejected and unhandled: ${leaked}`);
  }
}

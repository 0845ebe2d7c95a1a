/**
 * The hooks contract as rules over one list of events, whatever the program and its timing. Where
 * a rule would have to know what the body did (a `resume` hook threw a result away, a closed body
 * went on), it lets the generator go: the model knows.
 *
 * @returns the first rule that is broken, or `null`.
 */
export function findBroken(world) {
  const monitor = new Monitor();
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
const UNSURE = /throw|reject|never|late call|^twice$/;

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
  given = '';
  finalized = [];
  ended = false;
  closing = false;
  unsure = false;
}

class Monitor {
  #lives = new Map();
  /** Calls of steps that have not returned yet, innermost last. */
  #calls = [];
  #toReport = [];

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

  init({ label, failure }, life) {
    life.inits.push(label);
    life.refused ||= failure !== null;
  }

  made({ inForce }, { inits }, who) {
    const { init = [] } = inForce ?? {};
    rule(inits.join() === init.join(), `${who}: init of ${inits}, in force were ${init}`);
  }

  call({ gen, step, inForce }, life) {
    const around = this.#calls.filter((other) => other.gen === gen).map((other) => other.step);
    life.open.set(step, around);
    this.#calls.push({ gen, step, resumes: [], open: [], cut: false });
    if (life.hooks !== null) return;
    life.hooks = inForce;
    life.firstStep = step;
    life.firstiter = [...inForce.firstiter];
  }

  firstiter({ gen, label, failure }, life, who) {
    const now = this.#calls.at(-1);
    const isFirst = now?.gen === gen && now.step === life.firstStep;
    rule(isFirst && !life.entered, `${who}: firstiter outside the first step`);
    rule(label === life.firstiter.shift(), `${who}: ${label} out of order, or again`);
    if (failure === null) return;
    if (life.firstError === null) life.firstError = failure;
    else this.#toReport.push(failure.message);
  }

  enter({ gen }, life, who) {
    const now = this.#calls.at(-1);
    rule(now?.gen === gen, `${who}: its body began outside a step of it`);
    rule(life.firstiter.length === 0, `${who}: its body began before firstiter`);
    const refused = now.step === life.firstStep && life.firstError !== null;
    rule(!refused, `${who}: its body began although firstiter threw`);
    rule(!life.entered, `${who}: its body began twice`);
    life.entered = true;
  }

  resume({ gen, label, kind }, life, who) {
    life.unsure ||= UNSURE.test(kind);
    const now = this.#calls.at(-1);
    // The return() that closes a body after a failed `iter` is nobody's step.
    if (now?.gen !== gen) return rule(life.unsure, `${who}: ${label} outside a step`);
    const expected = life.hooks.resume[now.resumes.length];
    rule(label === expected && !now.cut, `${who}: ${label} in the place of ${expected}`);
    now.resumes.push(label);
    now.open.push(label);
    now.cut = /before|never|late call/.test(kind);
    return undefined;
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

  iter({ label, given, gives, failure }, life, who) {
    const pipe = life.hooks.iter;
    rule(label === pipe[life.at], `${who}: ${label} in the place of ${pipe[life.at]}`);
    if (life.at > 0) rule(given === life.given, `${who}: ${label} got ${given}, not ${life.given}`);
    life.given = gives;
    life.at = failure === null ? (life.at + 1) % pipe.length : 0;
    if (failure !== null) life.unsure = true;
    if (life.at === 0) life.passes.push({ gives, failure });
  }

  finalizer({ label, outcome, failure }, life, who) {
    const expected = life.hooks?.finalizer[life.finalized.length];
    rule(label === expected, `${who}: ${label} in the place of ${expected}`);
    life.finalized.push(outcome);
    if (failure !== null) this.#toReport.push(failure.message);
  }

  settle({ step, name, ok, done, value, error }, life, who) {
    // Who asks from inside a step has the promise before the outer step has returned its own.
    const around = life.open.get(step) ?? [];
    const first = [...life.open.keys()].find((other) => !around.includes(other));
    rule(step === first, `${who}: step ${step} settled out of order, or twice`);
    life.open.delete(step);
    if (ok && !done) {
      if (name === 'return') life.closing = true;
      this.#handOn(
        life,
        (pass) => pass.gives === value && pass.failure === null,
        `${who}: ${value}`,
      );
      return;
    }
    if (!ok && error === life.firstError) return;
    if (!ok && life.passes.some(({ failure }) => failure === error)) {
      this.#handOn(life, ({ failure }) => failure === error, `${who}: ${error.message}`);
      life.closing = true;
      return;
    }
    if (life.ended) return;
    life.ended = true;
    if (life.unsure) return;
    const how = name === 'return' || life.closing ? 'closed' : 'exhausted';
    this.#ends(life, ok ? `${how} ${value}` : null, who);
  }

  #handOn(life, isIt, text) {
    if (life.hooks.iter.length === 0) return;
    const pass = life.passes.shift();
    rule(pass !== undefined && isIt(pass), `${text} was not what iter gave`);
  }

  #ends(life, outcome, who) {
    const expected = life.hooks.finalizer.length;
    const got = life.finalized;
    rule(got.length === expected, `${who}: ${got.length} finalizers, not ${expected}`);
    for (const one of got) {
      const fits = outcome === null ? one.startsWith('failed ') : one === outcome;
      rule(fits, `${who}: ended as "${one}", not "${outcome ?? 'failed'}"`);
    }
  }

  end({ hooks, gens, ids, streams }) {
    for (const [id, life] of this.#lives) {
      const { passes, at, finalized, ended, unsure, open } = life;
      const who = `generator ${id}`;
      const hangs = open.size > 0;
      rule(hangs || (at === 0 && passes.length === 0), `${who}: a value was lost behind iter`);
      rule(finalized.length === 0 || ended || unsure, `${who}: finalizer before the end`);
      const all = life.hooks?.finalizer.length ?? 0;
      rule([0, all].includes(finalized.length), `${who}: not every finalizer was called`);
      rule(new Set(finalized).size < 2, `${who}: two outcomes`);
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
    // A body that is closed after a failed hook may itself end with what failed inside it.
    const isUnsure = [...this.#lives.values()].some(({ unsure }) => unsure);
    rule(isUnsure || reports.length === 0, `reported without reason: ${reports}`);
    const leaked = (streams.get('unhandled') ?? []).filter(isOurs);
    rule(leaked.length === 0, `rejected and unhandled: ${leaked}`);
  }
}

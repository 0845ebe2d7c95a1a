/**
 * `node node-exit.mjs <scenario> <end|wait>`: a program with live generators that `closeOnExit`
 * looks after. It comes to its natural end, or prints `ready` and waits for a signal.
 */
import { createRequire } from 'node:module';
import { setImmediate as turn } from 'node:timers/promises';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';
import { closeOnExit } from 'asyncgen-hooks/node';

const SIGNALS = ['SIGTERM', 'SIGINT'];
const never = new Promise(() => {});
const say = (text) => void process.stdout.write(`${text}\n`);

async function* items(name, close = turn) {
  try {
    yield `item of ${name}`;
    await never;
  } finally {
    say(`${name} begins to close`);
    await close();
    say(`${name} is closed`);
  }
}

/** Held for good, so that none is found abandoned. */
const held = [];

async function hold(name, close) {
  const gen = items(name, close);
  held.push(gen);
  await gen.next();
  return gen;
}

/** Listens as a program would that ends in its own time: well after all that is closed is closed. */
function listen(add) {
  let end;
  const mayEnd = new Promise((resolve) => (end = resolve));
  for (const signal of SIGNALS) {
    process[add](signal, async () => {
      say(`own listener of ${signal}`);
      await mayEnd;
      await turns();
      say('own end');
      process.exit(7);
    });
  }
  return async () => end();
}

async function turns() {
  for (let i = 0; i < 20; i++) await turn();
}

/** Nothing of what Node calls later comes; time stands still. */
function mockTimers() {
  Object.assign(globalThis, {
    setTimeout: () => {},
    setImmediate: () => {},
    clearTimeout: () => {},
    queueMicrotask: () => {},
  });
  Date.now = performance.now = () => 0;
}

/** Does `work` in a turn of its own when the process is about to end for the `nth` time. */
function atBeforeExit(nth, work) {
  process.on('beforeExit', () => {
    if (--nth === 0) setImmediate(work);
  });
}

const sayListeners = (...events) =>
  say(`listeners: ${events.map((event) => process.listenerCount(event)).join(' ')}`);

const scenarios = {
  async closes() {
    closeOnExit(trackAsyncGens());
    await hold('first');
    await hold('second');
  },
  async closesLateBorn() {
    closeOnExit(trackAsyncGens());
    await hold('first', () => hold('late'));
  },
  async fails() {
    closeOnExit(trackAsyncGens());
    await hold('failing', () => Promise.reject(new Error('the disk is full')));
    await hold('other');
  },
  async blocks() {
    closeOnExit(trackAsyncGens(), { timeout: 20 });
    await hold('hanging', () => never);
    void (await hold('waiting')).next();
  },
  async replaced() {
    // The new one has to close within the limit, on a busy machine, too.
    closeOnExit(trackAsyncGens(), { timeout: 2000 });
    let free;
    await hold('slow', () => new Promise((resolve) => (free = resolve)));
    atBeforeExit(2, async () => {
      free();
      await hold('new');
    });
  },
  async oneOfTwoEnds() {
    closeOnExit(trackAsyncGens(), { timeout: 20 });
    let free;
    await hold('slow', () => new Promise((resolve) => (free = resolve)));
    await hold('hanging', () => never);
    atBeforeExit(2, () => free());
  },
  async hangs() {
    closeOnExit(trackAsyncGens(), { timeout: Infinity });
    await hold('hanging', () => never);
  },
  async mocksAfter() {
    closeOnExit(trackAsyncGens(), { timeout: 20 });
    await hold('hanging', () => never);
    mockTimers();
  },
  async mocksBefore() {
    // As Jest does: what is global, and not the module. These copies are loaded only now.
    mockTimers();
    const require = createRequire(import.meta.url);
    const lifecycle = require('asyncgen-hooks/lifecycle');
    const node = require('asyncgen-hooks/node');
    node.closeOnExit(lifecycle.trackAsyncGens(), { timeout: 20 });
    await hold('hanging', () => never);
  },
  async restarts() {
    closeOnExit(trackAsyncGens(), { totalTimeout: 4000 });
    let times = 0;
    await (async function restart() {
      async function* restarting() {
        try {
          yield 1;
        } finally {
          if (++times === 100) say('restarted 100 times');
          await restart();
        }
      }
      const gen = restarting();
      held.push(gen);
      await gen.next();
    })();
  },
  async exitCode() {
    closeOnExit(trackAsyncGens());
    await hold('only');
    process.exitCode = 3;
  },
  async listenedBefore() {
    const end = listen('on');
    closeOnExit(trackAsyncGens());
    await hold('only', end);
  },
  async listenedOnceBefore() {
    const end = listen('once');
    closeOnExit(trackAsyncGens());
    await hold('only', end);
  },
  async listenedAfter() {
    closeOnExit(trackAsyncGens());
    await hold('only', listen('on'));
  },
  async listenedOnceAfter() {
    closeOnExit(trackAsyncGens());
    await hold('only', listen('once'));
  },
  async twoTrackers() {
    let open;
    const quickIsClosed = new Promise((resolve) => (open = resolve));
    closeOnExit(trackAsyncGens());
    await hold('slow', () => quickIsClosed.then(turns));
    closeOnExit(trackAsyncGens());
    await hold('quick', async () => open());
  },
  async otherSignal() {
    closeOnExit(trackAsyncGens(), { signals: ['SIGUSR2'] });
    await hold('only');
    sayListeners(...SIGNALS, 'SIGUSR2');
  },
  async disposed() {
    const exit = closeOnExit(trackAsyncGens());
    await hold('only');
    sayListeners(...SIGNALS, 'beforeExit');
    exit[Symbol.dispose]();
    sayListeners(...SIGNALS, 'beforeExit');
  },
  async otherBeforeExit() {
    process.once('beforeExit', () => void setImmediate(hold, 'late'));
    closeOnExit(trackAsyncGens());
  },
};

const [scenario, mode] = process.argv.slice(2);
await scenarios[scenario]();
if (mode === 'wait') {
  setInterval(() => {}, 2 ** 30);
  say('ready');
}

import { afterEach, describe, expect, test } from '@jest/globals';
import { addAsyncGenHooks, getAsyncGenHandle, type AddedAsyncGenHooks } from 'asyncgen-hooks';
import { observeAsyncGens, type AsyncGenObserver } from 'asyncgen-hooks/lifecycle';
import { collectTimes, collectUntil } from '../helpers/gc.js';
import { collect } from '../helpers/generators.js';
import { DONE, fine, gen, track } from './support/track.js';

const observers: AddedAsyncGenHooks[] = [];

function observe(observer: AsyncGenObserver): AddedAsyncGenHooks {
  const added = observeAsyncGens(observer);
  observers.push(added);
  return added;
}

afterEach(() => {
  for (const observer of observers.splice(0)) observer.remove();
});

/** Observes the life of each generator: what was told of it, with all that it was told with. */
function record(): unknown[][] {
  const events: unknown[][] = [];
  observe({
    called: (...args) => void events.push(['called', ...args]),
    begun: (...args) => void events.push(['begun', ...args]),
    yielded: (...args) => void events.push(['yielded', ...args]),
    ended: (...args) => void events.push(['ended', ...args]),
  });
  return events;
}

/** Observes the steps: what was asked for and settled. */
function recordSteps(also: AsyncGenObserver = {}): string[] {
  const events: string[] = [];
  observe({
    ...also,
    asked: ({ site }, name) => void events.push(`${site.name} asked ${name}`),
    settled: ({ site }, name, how) => void events.push(`${site.name} settled ${name} ${how}`),
  });
  return events;
}

const failing = gen('failing', 'yield 1; throw args[0];');

describe('an observer is told, with the handle and the owner', () => {
  test('the whole life of a generator that no scope owns, in order', async () => {
    const events = record();
    const each = fine();
    const handle = getAsyncGenHandle(each);
    // Jest cannot compare what a generator leads to.
    const told = (): unknown[][] =>
      events.map((args) =>
        args.map((arg) => (arg === handle ? 'handle' : arg === each ? 'generator' : arg)),
      );
    expect(told()).toEqual([['called', 'handle', 'generator']]);
    await collect(each);
    expect(told()).toEqual([
      ['called', 'handle', 'generator'],
      ['begun', 'handle', undefined, 'generator'],
      ['yielded', 'handle', undefined, 1],
      ['yielded', 'handle', undefined, 2],
      ['ended', 'handle', undefined, { type: 'exhausted', value: undefined }],
    ]);
  });

  test('an end by return(), by an error, and before the first step', async () => {
    const events = record();
    const error = new Error('of the body');
    const [closed, failed, unused] = [fine(), failing(error), fine()];
    await closed.next();
    await closed.return('value');
    await failed.next();
    await expect(failed.next()).rejects.toBe(error);
    await unused.return('unused');
    const ends = events.filter(([name]) => name === 'ended').map((args) => args.at(-1));
    expect(ends).toEqual([
      { type: 'closed', value: 'value' },
      { type: 'failed', error },
      { type: 'closed', value: 'unused' },
    ]);
  });

  test('one that a scope owns', async () => {
    const events = record();
    const scope = track().scope();
    const each = fine();
    await scope.run(() => each.next());
    // Where the steps are asked for later makes no difference.
    await each.next();
    await each.next();
    expect(events.slice(1).map(([name, , owner]) => [name, owner === scope])).toEqual([
      ['begun', true],
      ['yielded', true],
      ['yielded', true],
      ['ended', true],
    ]);
  });

  test('one that own() and release() move: each event has the owner of its moment', async () => {
    const events = record();
    const tracker = track();
    const [a, b] = [tracker.scope(), tracker.scope()];
    const numbers = gen('numbers', 'for (let i = 0; i < 4; i++) yield i;')();
    const owners = (): unknown[] =>
      events
        .slice(1)
        .map(([, , owner]) => ['none', 'a', 'b'][[undefined, a, b].indexOf(owner as never)]);
    await numbers.next();
    a.own(numbers);
    await numbers.next();
    b.own(numbers);
    await numbers.next();
    b.release(numbers);
    await numbers.next();
    a.own(numbers);
    expect(await numbers.next()).toEqual(DONE);
    expect(owners()).toEqual(['none', 'none', 'a', 'b', 'none', 'a']);
  });

  test('one that own() gives before the first step', async () => {
    const events = record();
    const scope = track().scope();
    const each = scope.own(fine());
    await each.next();
    expect(events.map(([name]) => name)).toEqual(['called', 'begun', 'yielded']);
    expect(events[1]![2]).toBe(scope);
  });

  test('one that nobody hears of the first step of, too', async () => {
    const owners: unknown[] = [];
    observe({ yielded: (_handle, owner) => void owners.push(owner) });
    const scope = track().scope();
    const each = fine();
    await scope.run(() => each.next());
    expect(owners).toEqual([scope]);
  });

  test('one that the program drops: once, and its end is not told', async () => {
    const ends: unknown[] = [];
    const closing: Promise<unknown>[] = [];
    observe({
      ended(handle, owner, outcome) {
        ends.push([handle.site.name, owner, outcome]);
        closing.push(handle.step('return'));
      },
    });
    await (() => fine().next())();
    await collectUntil(() => ends.length > 0);
    expect(await Promise.all(closing)).toEqual([DONE]);
    await collectTimes();
    expect(ends).toEqual([['fine', undefined, { type: 'abandoned' }]]);
  });
});

describe('steps are told', () => {
  test('as asked for at once, and as settled in the order of asking', async () => {
    const events = recordSteps();
    const each = fine();
    const steps = [each.next(), each.next(), each.return(undefined), each.next()];
    const asked = ['next', 'next', 'return', 'next'].map((name) => `fine asked ${name}`);
    expect(events).toEqual(asked);
    await Promise.all(steps);
    expect(events).toEqual([
      ...asked,
      'fine settled next item',
      'fine settled next item',
      'fine settled return done',
      'fine settled next done',
    ]);
  });

  test('as failed, and the error reaches whoever asked', async () => {
    const events = recordSteps();
    const error = new Error('of the body');
    const each = failing(error);
    await each.next();
    await expect(each.next()).rejects.toBe(error);
    await expect(each.throw('by hand')).rejects.toBe('by hand');
    expect(events.filter((event) => event.includes('settled'))).toEqual([
      'failing settled next item',
      'failing settled next failed',
      'failing settled throw failed',
    ]);
  });

  test('as failed where a resume hook inside throws', async () => {
    const events = recordSteps();
    const error = new Error('of a hook');
    const hook = addAsyncGenHooks({
      resume() {
        throw error;
      },
    });
    observers.push(hook);
    await expect(fine().next()).rejects.toBe(error);
    expect(events).toEqual(['fine asked next', 'fine settled next failed']);
  });

  test('with one of the two events alone', async () => {
    const events: string[] = [];
    observe({ asked: (_handle, name) => void events.push(`asked ${name}`) });
    observe({ settled: (_handle, name, how) => void events.push(`settled ${name} ${how}`) });
    expect(await fine().next()).toEqual({ value: 1, done: false });
    expect(events).toEqual(['asked next', 'settled next item']);
  });
});

test('a begun that throws rejects the first step with that, and the body does not run', async () => {
  const error = new Error('of the observer');
  const ran: string[] = [];
  const events = recordSteps({
    begun() {
      throw error;
    },
    ended: (_handle, _owner, { type }) => void events.push(`ended ${type}`),
  });
  const each = gen('each', 'args[0].push("ran"); yield 1;')(ran);
  await expect(each.next()).rejects.toBe(error);
  expect([ran, events]).toEqual([[], []]);
  // It is told of a first step once; the next one is taken.
  expect(await each.next()).toEqual({ value: 1, done: false });
  expect([ran, events]).toEqual([['ran'], ['each asked next', 'each settled next item']]);
});

describe('remove()', () => {
  test('ends what is told of those that begin later; what has begun is told to its end', async () => {
    const seen: string[] = [];
    const observer = observe({
      called: ({ site }) => void seen.push(`called ${site.name}`),
      begun: ({ site }) => void seen.push(`begun ${site.name}`),
      ended: ({ site }) => void seen.push(`ended ${site.name}`),
    });
    const before = fine();
    await before.next();
    observer.remove();
    await collect(gen('later', 'yield 1;')());
    await collect(before);
    expect(seen).toEqual(['called fine', 'begun fine', 'ended fine']);
  });

  test('comes at the end of a block by using', async () => {
    const seen: string[] = [];
    {
      using _ = observeAsyncGens({ called: ({ site }) => void seen.push(site.name) });
      fine();
    }
    fine();
    expect(seen).toEqual(['fine']);
  });
});

describe('what is no observer is refused', () => {
  test.each<[unknown, string]>([
    [null, 'the options are null. Pass an object.'],
    [() => {}, 'the options are a function. Pass an object.'],
    [
      { first: () => {} },
      'Unknown option "first". The options are called, begun, yielded, ended, asked, settled.',
    ],
    [
      { begin: () => {} },
      'Unknown option "begin". Did you mean "begun"? The options are called, begun, yielded, ended, asked, settled.',
    ],
    ...['called', 'begun', 'yielded', 'ended', 'asked', 'settled'].map(
      (name): [unknown, string] => [{ [name]: null }, `option "${name}" is null. Pass a function.`],
    ),
  ])('observeAsyncGens(%p), and nothing is observed', (observer, message) => {
    expect(() => observeAsyncGens(observer as never)).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        code: 'ERR_ASYNCGEN_OPTION',
        message: `asyncgen-hooks/lifecycle: observeAsyncGens(): ${message}`,
      }),
    );
  });
});

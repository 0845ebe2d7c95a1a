// The runner's own functions stand in front of this: those of tests.js, timed, failing, todo.
void rows('top').next();
suite('beforeEach leaves rows open', () => {
  beforeEach(async () => {
    await rows('before').next();
  });
  test('of its beforeEach', () => {});
});
suite('afterEach leaves rows open', () => {
  afterEach(async () => {
    await rows('after').next();
  });
  test('of its afterEach', () => {});
});
suite('beforeEach fails', () => {
  beforeEach(async () => {
    await rows('failing before').next();
    throw new Error('beforeEach fails');
  });
  test('of its beforeEach that fails', () => {});
});
suite('afterEach fails', () => {
  afterEach(async () => {
    await rows('failing after').next();
    throw new Error('afterEach fails');
  });
  test('of its afterEach that fails', () => {});
});
suite('beforeAll fails', () => {
  beforeAll(async () => {
    await rows('all').next();
    throw new Error('beforeAll fails');
  });
  test('whose beforeAll fails', () => {});
});
for (const name of ['one', 'two'])
  suite(name, () => {
    test(`leaves rows open if it is two: ${name}`, async () => {
      if (name === 'two') await rows(name).next();
    });
  });

let shared;
test('begins what the next test reads on', async () => {
  shared = rows('shared');
  await shared.next(); // begins
});
test('reads on what the last test began', async () => {
  equal((await shared.next()).done, true);
});
test('calls what the next test begins', () => {
  shared = rows('called');
});
test('begins what the last test called', async () => {
  await shared.next(); // begins, too
});
test('ends while its step is pending', () => {
  void rows('pending').next();
});
test('ends while its last step is pending', async () => {
  const left = rows('returning');
  await left.next();
  void left.return();
});
timed('takes too long, and leaves its rows open', 100, async () => {
  await rows('late').next();
  await stuck().next();
});
test('comes behind one that takes too long', async () => {
  for await (const _ of rows('clean')) break;
});
failing('fails as it is to, and leaves nothing open', async () => {
  for await (const _ of rows('clean')) break;
  throw new Error('as it is to');
});
failing('fails as it is to, and leaves its rows open', async () => {
  await rows('failing as it is to').next();
  throw new Error('as it is to');
});
failing('is to fail, and leaves its rows open', async () => {
  await rows('failing').next();
});
failing('is to fail, and does not', () => {});
todo('is not written yet');

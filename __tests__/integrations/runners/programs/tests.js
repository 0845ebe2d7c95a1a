// The runner's own functions stand in front of this: test, concurrent, failing, beforeEach, afterEach, beforeAll, suite, equal.
let own;
beforeEach(() => {
  own = rows('own');
});
afterEach(async () => {
  await own.return();
});

test('is clean', async () => {
  for await (const row of rows('clean')) if (row === 'clean 3') break;
});
test('leaves its rows open', async () => {
  const left = rows('left');
  equal((await left.next()).value, 'left 1');
});
test('steps what afterEach closes', async () => {
  await own.next();
});
test('leaves a step that never settles', () => {
  void stuck().next();
});
test('fails by itself, and leaves its rows open', async () => {
  await rows('failing').next();
  equal(1, 2);
});
test('may leave its rows open', async () => {
  allowOpenAsyncGens();
  await rows('allowed').next();
});
test.skip('is skipped', async () => {
  await rows('skipped').next();
});
test(
  'calls back, and leaves its rows open',
  callback((done) => {
    void rows('callback')
      .next()
      .then(() => done());
  }),
);
suite('of its file', () => {
  let shared;
  beforeAll(async () => {
    shared = rows('shared');
    await shared.next();
  });
  test('reads rows that are not its own', async () => {
    await shared.next();
  });
});

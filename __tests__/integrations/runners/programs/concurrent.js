concurrent('leaves its rows open at the same time', async () => {
  await rows('left').next();
});
concurrent('reads 500 rows at the same time', async () => {
  let count = 0;
  for await (const _ of rows('read')) {
    await new Promise(setImmediate);
    if (++count === 500) break;
  }
  equal(count, 500);
});

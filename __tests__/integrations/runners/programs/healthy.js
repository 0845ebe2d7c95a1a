test('reads to the end', async () => {
  const seen = [];
  for await (const row of rows('table')) {
    seen.push(row);
    if (seen.length === 2) break;
  }
  equal(seen.join(), 'table 1,table 2');
});
test('fails', async () => {
  await null;
  equal(1, 2);
});
test('throws', () => {
  throw new TypeError('it throws');
});
test.skip('is skipped', () => {});

import assert from 'node:assert';
import { rows } from '../rows.mjs';

describe('rows', () => {
  it('gives all', async () => {
    const got = [];
    for await (const row of rows(3)) got.push(row);
    assert.deepEqual(got, [0, 1, 2]);
  });

  it('is left early', async () => {
    for await (const row of rows(3)) {
      assert.equal(row, 0);
      break;
    }
  });

  it('leaks', async () => {
    const { value } = await rows(3).next();
    assert.equal(value, 0);
  });

  it('fails', async () => {
    assert.equal((await rows(1).next()).value, 1);
  });
});

import { program } from './program.js';
import record from './record.json';

test('hooks see the same', async () => {
  expect(await program()).toEqual(record);
});

import { record } from './b.js';

record.push('body of a');

export async function* named(first, second = 2) {
  yield first + second;
}

export default async function* () {
  yield 'default';
}

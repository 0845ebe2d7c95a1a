/** A database client whose own generators are watched: five letters, dealt out two at a time. */
import { createRequire } from 'node:module';
import { listen } from './mongo-server.mjs';

const require = createRequire(import.meta.url);
const { Long } = require('bson');
const { MongoClient } = require('mongodb');

const letters = ['a', 'b', 'c', 'd', 'e'].map((letter, at) => ({ _id: at + 1, letter }));
const deal = (batch) => {
  const documents = letters.splice(0, 2);
  return {
    ok: 1,
    cursor: { id: Long.fromNumber(letters.length && 7), ns: 'db.letters', [batch]: documents },
  };
};
let commands = 0;
const server = await listen((command) => {
  commands++;
  if (command.find) return deal('firstBatch');
  return command.getMore ? deal('nextBatch') : { ok: 1 };
});

const client = new MongoClient(server.url);
const found = client.db('db').collection('letters').find({}, { batchSize: 2 });

async function* upper(rows) {
  for await (const { letter } of rows) yield letter.toUpperCase();
}

const seen = [];
for await (const letter of upper(found)) seen.push(letter);
await client.close();
await server.close();
// The hello is answered by itself.
console.log(seen.join(''), commands);

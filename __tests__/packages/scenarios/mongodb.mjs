import { createRequire } from 'node:module';
import { listen } from '../child/mongo-server.mjs';

const require = createRequire(import.meta.url);
const { Long } = require('bson');
const { MongoClient } = require('mongodb');

const CURSOR = Long.fromNumber(7);
const NO_CURSOR = Long.fromNumber(0);

const FAILURE = { ok: 0, code: 43, codeName: 'CursorNotFound', errmsg: 'no cursor' };

/** A collection of a server that has five letters and deals them out two at a time. */
async function withLetters(record, use, { failOn } = {}) {
  const letters = ['a', 'b', 'c', 'd', 'e'].map((letter, at) => ({ _id: at + 1, letter }));
  let isWatched = false;
  const deal = (batch) => {
    const dealt = letters.splice(0, 2);
    const id = letters.length > 0 || isWatched ? CURSOR : NO_CURSOR;
    const documents = isWatched ? dealt.map(toChange) : dealt;
    return { ok: 1, cursor: { id, ns: 'db.letters', [batch]: documents } };
  };
  const server = await listen((command) => {
    const [name] = Object.keys(command);
    if (name !== 'endSessions') record('asked', name);
    isWatched ||= name === 'aggregate';
    if (name === failOn) return FAILURE;
    if (name === 'find' || name === 'aggregate') return deal('firstBatch');
    return name === 'getMore' ? deal('nextBatch') : { ok: 1 };
  });
  const client = new MongoClient(server.url);
  try {
    await use(client.db('db').collection('letters'));
  } finally {
    await client.close();
    await server.close();
  }
}

const toChange = (fullDocument) => ({
  _id: { token: fullDocument._id },
  operationType: 'insert',
  fullDocument,
});

export const scenarios = {
  'a cursor asks for batch after batch': ({ record, consume }) =>
    withLetters(record, (letters) => consume(letters.find({}, { batchSize: 2 }))),

  'a break kills the cursor': ({ record, consume }) =>
    withLetters(record, (letters) => consume(letters.find({}, { batchSize: 2 }), { limit: 3 })),

  'a batch that fails fails the cursor': ({ record, consume }) =>
    withLetters(record, (letters) => consume(letters.find({}, { batchSize: 2 })), {
      failOn: 'getMore',
    }),

  'a closed cursor gives nothing': ({ record, consume }) =>
    withLetters(record, async (letters) => {
      const cursor = letters.find();
      await cursor.close();
      await consume(cursor);
    }),

  'a stream of a cursor needs no generator of its own': ({ record, consume }) =>
    withLetters(record, (letters) => consume(letters.find({}, { batchSize: 2 }).stream())),

  'a break closes a change stream': ({ record, consume }) =>
    withLetters(record, (letters) => consume(letters.watch(), { limit: 3 })),
};

/** Documents by their letter, what comes over the wire by its class. */
export function show(value) {
  if (typeof value !== 'object' || value instanceof Error) return undefined;
  const { letter, fullDocument, serviceId } = value;
  return letter ?? fullDocument?.letter ?? (serviceId ? 'hello' : value.constructor.name);
}

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const { DynamoDBClient, paginateQuery, paginateScan } = require('@aws-sdk/client-dynamodb');
const { EventStreamMarshaller } = require('@smithy/core/event-streams');
const { HttpResponse } = require('@smithy/core/protocols');

const page = (ids, next) => ({
  Items: ids.map((id) => ({ id: { S: id } })),
  Count: ids.length,
  ...(next && { LastEvaluatedKey: { id: { S: next } } }),
});

/** A client whose requests are answered from a list; what it is asked for is recorded. */
function makeClient(record, answers) {
  const handle = async ({ headers, body }) => {
    const { ExclusiveStartKey: from, Limit: limit } = JSON.parse(new TextDecoder().decode(body));
    record('asked', headers['x-amz-target'].split('.')[1], from?.id.S ?? 'start', limit ?? 'all');
    const answer = answers.shift();
    const response = new HttpResponse({
      statusCode: answer.__type ? 400 : 200,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: Buffer.from(JSON.stringify(answer)),
    });
    return { response };
  };
  return new DynamoDBClient({
    region: 'eu-central-1',
    endpoint: 'http://127.0.0.1:1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
    maxAttempts: 1,
    requestHandler: { handle },
  });
}

const messages = {
  serialize: ({ type, text }) => ({
    headers: {
      ':message-type': { type: 'string', value: type },
      [type === 'event' ? ':event-type' : ':exception-type']: { type: 'string', value: 'said' },
    },
    body: Buffer.from(text),
  }),
  deserialize: async ({ said }) => {
    const text = Buffer.from(said.body).toString();
    return { said: said.headers[':exception-type'] ? new RangeError(text) : text };
  },
};

const marshaller = new EventStreamMarshaller({
  utf8Encoder: (bytes) => Buffer.from(bytes).toString(),
  utf8Decoder: (text) => Buffer.from(text),
});

async function* said(...texts) {
  for (const text of texts) yield { type: text.endsWith('!') ? 'exception' : 'event', text };
}

const encode = (...texts) => marshaller.serialize(said(...texts), messages.serialize);

// Encoded before any hook is there.
const twoMessages = Buffer.concat(await encode('one', 'two').toArray());
const withException = Buffer.concat(await encode('one', 'broken!', 'never').toArray());

/** What comes over a wire ends anywhere within a message. */
async function* inPieces(bytes, size) {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

export const scenarios = {
  async 'a scan asks for page after page'({ record, consume }) {
    const client = makeClient(record, [page(['a', 'b'], 'b'), page(['c'], 'c'), page(['d'])]);
    await consume(paginateScan({ client, pageSize: 2 }, { TableName: 'letters' }));
  },

  async 'a break asks for no further page'({ record, consume }) {
    const client = makeClient(record, [page(['a'], 'a'), page(['b'], 'b')]);
    await consume(paginateQuery({ client }, { TableName: 'letters' }), { limit: 2 });
  },

  async 'a page that fails fails the paginator'({ record, consume }) {
    const failure = { __type: 'ResourceNotFoundException', message: 'table gone' };
    const client = makeClient(record, [page(['a'], 'a'), failure]);
    await consume(paginateScan({ client }, { TableName: 'letters' }));
  },

  async 'what is no client fails the first step'({ consume }) {
    await consume(paginateScan({ client: {} }, { TableName: 'letters' }));
  },

  async 'messages are encoded'({ consume }) {
    await consume(encode('one', 'two'));
  },

  async 'messages are decoded from pieces'({ consume }) {
    await consume(marshaller.deserialize(inPieces(twoMessages, 70), messages.deserialize));
  },

  async 'a message that is an exception fails its reader'({ consume }) {
    await consume(marshaller.deserialize(inPieces(withException, 1000), messages.deserialize));
  },
};

export function show(value) {
  if (value?.Items) return value.Items.map(({ id }) => id.S).join('+');
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value?.headers) return Buffer.from(value.body).toString();
  return value?.said ?? value?.text;
}

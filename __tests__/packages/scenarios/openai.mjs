import OpenAI, { toStreamingFile } from 'openai';
import { Stream } from 'openai/core/streaming';
import { listen } from '../child/listen.mjs';
import { makeGate } from '../child/turns.mjs';

const chunk = (content) => ({
  id: 'chat-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt',
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
});

const sse = (data) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

/** Runs `use` with a client of a server that answers as `answer` does. */
async function withServer(answer, use) {
  const server = await listen(answer);
  const client = new OpenAI({ apiKey: 'key', baseURL: server.url, maxRetries: 0 });
  try {
    await use(client);
  } finally {
    await server.close();
  }
}

const ask = (client) =>
  client.chat.completions.create({
    model: 'gpt',
    stream: true,
    messages: [{ role: 'user', content: 'hello' }],
  });

/** Answers with server-sent events, cut in the middle of one. */
const stream =
  (...events) =>
  (request, response) => {
    request.resume();
    response.setHeader('content-type', 'text/event-stream');
    const text = events.map(sse).join('');
    response.write(text.slice(0, 50));
    response.end(text.slice(50));
  };

/** `/files?after=<id>`: two files a page, `b` to `f`. */
const files = (record) => (request, response) => {
  const url = new URL(request.url, 'http://127.0.0.1');
  record('asked', url.pathname + url.search);
  const all = ['b', 'c', 'd', 'e', 'f'];
  const from = all.indexOf(url.searchParams.get('after')) + 1;
  const data = all.slice(from, from + 2).map((id) => ({ id, object: 'file' }));
  const isBroken = url.searchParams.get('purpose') === 'broken' && from > 0;
  response.statusCode = isBroken ? 404 : 200;
  response.setHeader('content-type', 'application/json');
  const error = { message: 'page gone', type: 'invalid_request_error' };
  response.end(JSON.stringify(isBroken ? { error } : { data, has_more: from < 4 }));
};

const withoutBoundary = (text) => text.replace(/openai-[a-z0-9]+/, 'BOUNDARY');

export const scenarios = {
  'a streamed completion passes three generators': ({ consume }) =>
    withServer(stream(chunk('Hel'), chunk('lo'), '[DONE]'), async (client) => {
      await consume(await ask(client));
    }),

  'an error event closes what reads the stream': ({ consume }) =>
    withServer(stream(chunk('Hel'), { error: { message: 'overloaded' } }), async (client) => {
      await consume(await ask(client));
    }),

  'a stream can be iterated once': ({ consume }) =>
    withServer(stream(chunk('once'), '[DONE]'), async (client) => {
      const completion = await ask(client);
      await consume(completion);
      await consume(completion);
    }),

  async 'a break ends the request'({ record, consume }) {
    const left = makeGate();
    const answer = (request, response) => {
      request.resume();
      response.setHeader('content-type', 'text/event-stream');
      response.write([chunk('one'), chunk('two'), chunk('three')].map(sse).join(''));
      response.on('close', () => left.open(response.writableFinished));
    };
    await withServer(answer, async (client) => {
      await consume(await ask(client), { limit: 2 });
      record('the server had finished:', await left.opened);
    });
  },

  'a stream goes through a ReadableStream and back': ({ consume }) =>
    withServer(stream(chunk('Hel'), chunk('lo'), '[DONE]'), async (client) => {
      const { body } = new Response((await ask(client)).toReadableStream());
      await consume(Stream.fromReadableStream(body, new AbortController()));
    }),

  'a list asks for page after page': ({ record, consume }) =>
    withServer(files(record), async (client) => {
      await consume(client.files.list({ limit: 2 }));
    }),

  'a break asks for no further page': ({ record, consume }) =>
    withServer(files(record), async (client) => {
      await consume((await client.files.list()).iterPages(), { limit: 2 });
    }),

  'a page that fails fails the list': ({ record, consume }) =>
    withServer(files(record), async (client) => {
      await consume(client.files.list({ purpose: 'broken' }));
    }),

  async 'an upload streams its parts'({ record }) {
    const answer = async (request, response) => {
      let body = '';
      for await (const piece of request) body += piece;
      for (const line of body.split('\r\n').filter(Boolean)) record('line', withoutBoundary(line));
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ id: 'file-1', object: 'file' }));
    };
    async function* content() {
      yield 'first ';
      yield new TextEncoder().encode('second');
    }
    await withServer(answer, async (client) => {
      const file = toStreamingFile(content(), 'input.jsonl', { type: 'application/jsonl' });
      record('made', (await client.files.create({ file, purpose: 'batch' })).id);
    });
  },
};

/** What a chunk says, at whatever stage of its way from bytes to an object. */
export function show(value) {
  const text = value instanceof Uint8Array ? new TextDecoder().decode(value) : value?.data;
  const content = /"content":"(.*?)"|(\[DONE\])|(overloaded)/.exec(text);
  if (content) return content[1] ?? content[0];
  if (value instanceof Uint8Array) return JSON.stringify(withoutBoundary(text));
  if (value?.choices) return value.choices[0].delta.content;
  if (value?.object === 'file') return value.id;
  if (value?.getPaginatedItems) return value.data.map(({ id }) => id).join('+');
  return value?.key;
}

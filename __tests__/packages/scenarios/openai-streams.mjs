import OpenAI from 'openai';
import { Stream } from 'openai/core/streaming';
import { withServer } from '../child/http-server.mjs';
import { makeGate } from '../child/turns.mjs';

const chunk = (content) => ({
  id: 'chat-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt',
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
});

const write = (...events) =>
  events
    .map((data) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`)
    .join('');

/** Asks a server for a completion; it answers with server-sent events, cut in the middle of one. */
function complete(events, use) {
  const answer = (request, response) => {
    request.resume();
    response.setHeader('content-type', 'text/event-stream');
    const text = write(...events);
    response.write(text.slice(0, 50));
    response.end(text.slice(50));
  };
  return withServer(answer, async (url) => use(await ask(url)));
}

const ask = (url) =>
  new OpenAI({ apiKey: 'key', baseURL: url, maxRetries: 0 }).chat.completions.create({
    model: 'gpt',
    stream: true,
    messages: [{ role: 'user', content: 'hello' }],
  });

export const scenarios = {
  'a completion passes three generators': ({ consume }) =>
    complete([chunk('Hel'), chunk('lo'), '[DONE]'], consume),

  'an error event closes what reads the stream': ({ consume }) =>
    complete([chunk('Hel'), { error: { message: 'overloaded' } }], consume),

  'a stream can be iterated once': ({ consume }) =>
    complete([chunk('once'), '[DONE]'], async (stream) => {
      await consume(stream);
      await consume(stream);
    }),

  async 'a break ends the request'({ record, consume }) {
    const left = makeGate();
    const answer = (request, response) => {
      request.resume();
      response.setHeader('content-type', 'text/event-stream');
      response.write(write(chunk('one'), chunk('two'), chunk('three')));
      response.on('close', () => left.open(response.writableFinished));
    };
    await withServer(answer, async (url) => {
      await consume(await ask(url), { limit: 2 });
      record('the server had finished:', await left.opened);
    });
  },

  'a stream goes through a ReadableStream and back': ({ consume }) =>
    complete([chunk('Hel'), chunk('lo'), '[DONE]'], async (stream) => {
      const back = Stream.fromReadableStream(stream.toReadableStream(), new AbortController());
      await consume(back);
    }),
};

/** What a chunk says, at whatever stage of its way from bytes to an object. */
export function show(value) {
  if (value instanceof Error) return undefined;
  if (value?.choices) return value.choices[0].delta.content;
  const text = value instanceof Uint8Array ? new TextDecoder().decode(value) : value?.data;
  const [content] = /(?<="content":").*?(?=")|\[DONE\]|overloaded/.exec(text ?? value) ?? [];
  return content;
}

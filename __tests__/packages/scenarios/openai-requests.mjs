import OpenAI, { toStreamingFile } from 'openai';
import { withServer } from '../child/http-server.mjs';

const withClient = (answer, use) =>
  withServer(answer, (baseURL) => use(new OpenAI({ apiKey: 'key', baseURL, maxRetries: 0 })));

function reply(response, body, statusCode = 200) {
  response.writeHead(statusCode, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** The files `a` to `e`, two a page; a list for the purpose `broken` has one page. */
const files = (record) => (request, response) => {
  const { pathname, search, searchParams } = new URL(request.url, 'http://127.0.0.1');
  record('asked', pathname + search);
  const all = ['a', 'b', 'c', 'd', 'e'];
  const from = all.indexOf(searchParams.get('after')) + 1;
  if (searchParams.get('purpose') === 'broken' && from > 0) {
    reply(response, { error: { message: 'page gone' } }, 404);
    return;
  }
  const data = all.slice(from, from + 2).map((id) => ({ id, object: 'file' }));
  reply(response, { data, has_more: from < 4 });
};

/** A multipart body, line by line. */
const upload = (record) => async (request, response) => {
  let body = '';
  for await (const piece of request) body += piece;
  const lines = body.split('\r\n').filter((line) => line !== '');
  for (const line of lines) record('line', withoutBoundary(line));
  reply(response, { id: 'file-1', object: 'file' });
};

const withoutBoundary = (text) => text.replace(/openai-[a-z0-9]+/, 'BOUNDARY');

async function* content() {
  yield 'one,';
  yield new TextEncoder().encode('two');
}

export const scenarios = {
  'a list asks for page after page': ({ record, consume }) =>
    withClient(files(record), (client) => consume(client.files.list({ limit: 2 }))),

  'a break asks for no further page': ({ record, consume }) =>
    withClient(files(record), (client) => consume(client.files.list(), { limit: 3 })),

  'pages can be iterated by themselves': ({ record, consume }) =>
    withClient(files(record), async (client) => {
      await consume((await client.files.list()).iterPages(), { limit: 2 });
    }),

  'a page that fails fails the list': ({ record, consume }) =>
    withClient(files(record), (client) => consume(client.files.list({ purpose: 'broken' }))),

  'an upload streams its parts': ({ record }) =>
    withClient(upload(record), async (client) => {
      const file = toStreamingFile(content(), 'input.jsonl', { type: 'application/jsonl' });
      record('made', (await client.files.create({ file, purpose: 'batch' })).id);
    }),
};

export function show(value) {
  if (value instanceof Uint8Array) {
    return JSON.stringify(withoutBoundary(new TextDecoder().decode(value)));
  }
  if (value?.object === 'file') return value.id;
  return value?.getPaginatedItems ? value.data.map(({ id }) => id).join('+') : value?.key;
}

/** A server that streams to its clients, and clients that read all, leave early, or are refused. */
import { once } from 'node:events';
import { get } from 'node:http';
import { Readable } from 'node:stream';
import fastify from 'fastify';

async function* lines(count) {
  for (let i = 0; i < count; i++) yield `line ${i}\n`;
}

let isClosed;
const closed = new Promise((resolve) => (isClosed = resolve));

async function* endless() {
  try {
    for (let i = 0; ; i++) {
      await new Promise(setImmediate);
      yield `item ${i}\n`;
    }
  } finally {
    isClosed();
  }
}

async function* broken() {
  yield 'first\n';
  throw new Error('the source is gone');
}

const app = fastify({ forceCloseConnections: true });
app.get('/lines', (_, reply) => reply.send(Readable.from(lines(3))));
app.get('/endless', (_, reply) => reply.send(Readable.from(endless())));
app.get('/broken', (_, reply) => reply.send(Readable.from(broken())));
app.get('/leak', async () => {
  const it = lines(3);
  return (await it.next()).value;
});
const address = await app.listen({ port: 0 });

const text = async (path) => (await fetch(address + path)).text();
for (let i = 0; i < 5; i++) console.log((await text('/lines')).length);
for (let i = 0; i < 4; i++) console.log(await text('/leak').then((body) => body.trim()));
console.log(await text('/broken').catch(() => 'cut off'));

const request = get(`${address}/endless`);
const [response] = await once(request, 'response');
await once(response, 'data');
request.destroy();
await closed;
await app.close();

/** A web server that reads from a server behind it; its clients go away in the middle. */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { drive } from './drive.mjs';

const HOST = '127.0.0.1';
/** More than the buffers of a socket take: the server waits until its client reads. */
const PAGE = Buffer.alloc(2 ** 24);

let closings = 0;

/** Pages, as long as a connection to the server behind holds. */
async function* pages(port) {
  const connection = connect(port, HOST);
  await once(connection, 'connect');
  try {
    for (;;) yield PAGE;
  } finally {
    connection.destroy();
    await once(connection, 'close');
    closings++;
  }
}

/** Two ways to answer, each of which forgets the client that goes away: nobody calls `return()`. */
const answers = {
  async write(response) {
    for await (const page of pages(behind.address().port))
      if (!response.write(page)) await once(response, 'drain');
    response.end();
  },
  pipe: (response) => void Readable.from(pages(behind.address().port)).pipe(response),
};

const behind = createServer((socket) => void socket.on('error', () => {})).listen(0, HOST);
const server = createHttpServer(({ url }, response) => void answers[url.slice(1)](response));
server.listen(0, HOST);
await Promise.all([once(behind, 'listening'), once(server, 'listening')]);

/** Half of the clients for each way to answer. */
async function open(count) {
  const clients = Array.from({ length: count }, () => connect(server.address().port, HOST));
  await Promise.all(
    clients.map(async (client, i) => {
      client.write(`GET /${Object.keys(answers)[i % 2]} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
      await once(client, 'readable');
    }),
  );
  return async () => {
    const closed = clients.map((client) => once(client, 'close'));
    for (const client of clients) client.destroy();
    await Promise.all(closed);
  };
}

const connectionsOf = (of) => promisify(of.getConnections).call(of);

const count = async () => ({
  toClients: await connectionsOf(server),
  toServerBehind: await connectionsOf(behind),
});

await drive({ open, count, closings: () => closings });
process.exit();

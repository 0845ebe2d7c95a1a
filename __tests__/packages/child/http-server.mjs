import { once } from 'node:events';
import { createServer } from 'node:http';

/** Runs `use` with the address of an HTTP server on the loopback that answers as `answer` does. */
export async function withServer(answer, use) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await use(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

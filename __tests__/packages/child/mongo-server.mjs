import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';

const { deserialize, ObjectId, serialize } = createRequire(import.meta.url)('bson');

const OP_MSG = 2013;
/** A flag of a message that wants no reply. */
const MORE_TO_COME = 2;
/** Length, request id, response to, operation. */
const HEADER = 16;

/**
 * Starts a server on the loopback that speaks as much of the wire protocol as a driver needs behind
 * a load balancer, where it does no monitoring of its own.
 * @param answer gives the reply document for a command document.
 */
export async function listen(answer) {
  const hello = {
    ok: 1,
    isWritablePrimary: true,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    maxWireVersion: 25,
    minWireVersion: 0,
    serviceId: new ObjectId('0123456789abcdef01234567'),
  };
  const server = createServer((socket) => {
    let pending = Buffer.alloc(0);
    socket.on('data', (data) => {
      pending = Buffer.concat([pending, data]);
      while (pending.length > 4 && pending.length >= pending.readInt32LE(0)) {
        const length = pending.readInt32LE(0);
        const command = deserialize(pending.subarray(HEADER + 5, length));
        const reply = command.hello ? hello : answer(command);
        const wantsReply = (pending.readUInt32LE(HEADER) & MORE_TO_COME) === 0;
        if (wantsReply) socket.write(message(pending.readInt32LE(4), reply));
        pending = pending.subarray(length);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mongodb://127.0.0.1:${server.address().port}/?loadBalanced=true`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** A header, no flags, and one section of kind 0: the document. */
function message(responseTo, document) {
  const body = serialize(document);
  const head = Buffer.alloc(HEADER + 5);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(responseTo, 8);
  head.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([head, body]);
}

import { lines, packageRun } from './helpers/package-run.js';

const run = packageRun('aws', [
  'node_modules/@smithy/core/dist-cjs/index.js',
  'node_modules/@smithy/core/dist-cjs/submodules/event-streams/index.js',
  '__tests__/packages/scenarios/aws.mjs',
]);

const pages = 'createPaginator.paginateOperation';
const serializer = 'SmithyMessageEncoderStream.asyncIterator';
const encoder = 'MessageEncoderStream.asyncIterator';
const deserializer = 'SmithyMessageDecoderStream.asyncIterator';
const decoder = 'MessageDecoderStream.asyncIterator';
const chunks = 'getChunkedStream.iterator';

run.test('a scan asks for page after page', {
  events: lines`
    asked Scan start 2
    got a+b
    asked Scan b 2
    got c
    asked Scan c 2
    got d
    end
  `,
  hooks: lines`
    firstiter ${pages}
    iter ${pages} a+b
    iter ${pages} c
    iter ${pages} d
    finalizer ${pages} exhausted
  `,
});

run.test('a break asks for no further page', {
  events: lines`
    asked Query start all
    got a
    asked Query a all
    got b
    broke off
  `,
  hooks: lines`
    firstiter ${pages}
    iter ${pages} a
    iter ${pages} b
    finalizer ${pages} closed
  `,
});

run.test('a page that fails fails the paginator', {
  events: lines`
    asked Scan start all
    got a
    asked Scan a all
    caught ResourceNotFoundException: table gone
  `,
  hooks: lines`
    firstiter ${pages}
    iter ${pages} a
    finalizer ${pages} failed ResourceNotFoundException: table gone
  `,
});

run.test('what is no client fails the first step', {
  events: lines`
    caught Error: Invalid client, expected instance of DynamoDBClient
  `,
  hooks: lines`
    firstiter ${pages}
    finalizer ${pages} failed Error: Invalid client, expected instance of DynamoDBClient
  `,
});

run.test('messages are encoded', {
  events: lines`
    got 60 bytes
    got 60 bytes
    got 0 bytes
    end
  `,
  hooks: lines`
    firstiter ${encoder}
    firstiter ${serializer}
    firstiter said
    iter said one
    iter ${serializer} one
    iter ${encoder} 60 bytes
    iter said two
    iter ${serializer} two
    iter ${encoder} 60 bytes
    finalizer said exhausted
    finalizer ${serializer} exhausted
    iter ${encoder} 0 bytes
    finalizer ${encoder} exhausted
  `,
  sideBySide: true,
});

run.test('messages are decoded from pieces', {
  events: lines`
    got one
    got two
    end
  `,
  hooks: lines`
    firstiter ${deserializer}
    firstiter ${decoder}
    firstiter ${chunks}
    firstiter inPieces
    iter inPieces 70 bytes
    iter ${chunks} 60 bytes
    iter ${decoder} one
    iter ${deserializer} one
    iter inPieces 50 bytes
    iter ${chunks} 60 bytes
    iter ${decoder} two
    iter ${deserializer} two
    finalizer inPieces exhausted
    finalizer ${chunks} exhausted
    finalizer ${decoder} exhausted
    finalizer ${deserializer} exhausted
  `,
});

run.test('a message that is an exception fails its reader', {
  events: lines`
    got one
    caught RangeError: broken!
  `,
  hooks: lines`
    firstiter ${deserializer}
    firstiter ${decoder}
    firstiter ${chunks}
    firstiter inPieces
    iter inPieces 194 bytes
    iter ${chunks} 60 bytes
    iter ${decoder} one
    iter ${deserializer} one
    iter ${chunks} 72 bytes
    iter ${decoder} broken!
    finalizer ${chunks} closed
    finalizer ${decoder} closed
    finalizer ${deserializer} failed RangeError: broken!
  `,
});

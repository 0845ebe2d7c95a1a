import { lines, packageRun } from './helpers/package-run.js';

const run = packageRun('mongodb', [
  'node_modules/mongodb/lib/change_stream.js',
  'node_modules/mongodb/lib/cmap/connection.js',
  'node_modules/mongodb/lib/cursor/abstract_cursor.js',
]);

const cursor = 'AbstractCursor.[Symbol.asyncIterator]';
const changes = 'ChangeStream.[Symbol.asyncIterator]';

/** The `n`th command of a client: three generators, of which its caller takes one value. */
function command(n: number, reply: string, parsed: string): string {
  const which = n === 1 ? '' : `#${n}`;
  return `
    firstiter Connection.sendCommand${which}
    firstiter Connection.sendWire${which}
    firstiter Connection.readMany${which}
    iter Connection.readMany${which} OpMsgResponse
    iter Connection.sendWire${which} ${reply}
    iter Connection.sendCommand${which} ${parsed}
    finalizer Connection.readMany${which} closed
    finalizer Connection.sendWire${which} closed
    finalizer Connection.sendCommand${which} closed
  `;
}

const hello = command(1, 'MongoDBResponse', 'hello');
const batch = (n: number): string => command(n, 'CursorResponse', 'CursorResponse');
const plain = (n: number): string => command(n, 'MongoDBResponse', 'MongoDBResponse');

const failure = (n: number): string => `
  firstiter Connection.sendCommand#${n}
  firstiter Connection.sendWire#${n}
  firstiter Connection.readMany#${n}
  iter Connection.readMany#${n} OpMsgResponse
  iter Connection.sendWire#${n} MongoDBResponse
  finalizer Connection.readMany#${n} closed
  finalizer Connection.sendWire#${n} closed
  finalizer Connection.sendCommand#${n} failed MongoServerError: no cursor
`;

/** A command that wants no reply: nothing is read. */
const silent = (n: number): string => `
  firstiter Connection.sendCommand#${n}
  firstiter Connection.sendWire#${n}
  iter Connection.sendWire#${n} MongoDBResponse
  iter Connection.sendCommand#${n} MongoDBResponse
  finalizer Connection.sendWire#${n} closed
  finalizer Connection.sendCommand#${n} closed
`;

run.test('a cursor asks for batch after batch', {
  events: lines`
    asked find
    got a
    got b
    asked getMore
    got c
    got d
    asked getMore
    got e
    end
  `,
  hooks: lines`
    firstiter ${cursor}
    ${hello}
    ${batch(2)}
    iter ${cursor} a
    iter ${cursor} b
    ${batch(3)}
    iter ${cursor} c
    iter ${cursor} d
    ${batch(4)}
    iter ${cursor} e
    finalizer ${cursor} exhausted
    ${silent(5)}
  `,
});

run.test('a break kills the cursor', {
  events: lines`
    asked find
    got a
    got b
    asked getMore
    got c
    asked killCursors
    broke off
  `,
  hooks: lines`
    firstiter ${cursor}
    ${hello}
    ${batch(2)}
    iter ${cursor} a
    iter ${cursor} b
    ${batch(3)}
    iter ${cursor} c
    ${plain(4)}
    finalizer ${cursor} closed
    ${silent(5)}
  `,
});

run.test('a batch that fails fails the cursor', {
  events: lines`
    asked find
    got a
    got b
    asked getMore
    asked killCursors
    caught MongoServerError: no cursor
  `,
  hooks: lines`
    firstiter ${cursor}
    ${hello}
    ${batch(2)}
    iter ${cursor} a
    iter ${cursor} b
    ${failure(3)}
    ${plain(4)}
    finalizer ${cursor} failed MongoServerError: no cursor
    ${silent(5)}
  `,
});

run.test('a closed cursor gives nothing', {
  events: lines`
    end
  `,
  hooks: lines`
    firstiter ${cursor}
    finalizer ${cursor} exhausted
  `,
});

run.test('a stream of a cursor needs no generator of its own', {
  events: lines`
    asked find
    got a
    got b
    asked getMore
    got c
    got d
    asked getMore
    got e
    end
  `,
  hooks: lines`
    ${hello}
    ${batch(2)}
    ${batch(3)}
    ${batch(4)}
    ${silent(5)}
  `,
});

run.test('a break closes a change stream', {
  events: lines`
    asked aggregate
    got a
    got b
    asked getMore
    got c
    asked killCursors
    broke off
  `,
  hooks: lines`
    firstiter ${changes}
    ${hello}
    ${batch(2)}
    iter ${changes} a
    iter ${changes} b
    ${batch(3)}
    iter ${changes} c
    ${plain(4)}
    finalizer ${changes} closed
    ${silent(5)}
  `,
});

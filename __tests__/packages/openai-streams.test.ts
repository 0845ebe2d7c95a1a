import { lines, packageRun } from './helpers/package-run.js';

const run = packageRun('openai-streams', [
  'node_modules/openai/core/pagination.mjs',
  'node_modules/openai/core/streaming.mjs',
  'node_modules/openai/internal/uploads.mjs',
  '__tests__/packages/child/turns.mjs',
]);

const stream = 'Stream.fromSSEResponse.iterator';
const back = 'Stream.fromReadableStream';
const consumed =
  'OpenAIError: Cannot iterate over a consumed stream, use `.tee()` to split the stream.';

run.test('a completion passes three generators', {
  events: lines`
    got Hel
    got lo
    end
  `,
  hooks: lines`
    firstiter ${stream}
    firstiter _iterSSEMessages
    firstiter iterSSEChunks
    iter iterSSEChunks Hel
    iter _iterSSEMessages Hel
    iter ${stream} Hel
    iter iterSSEChunks lo
    iter _iterSSEMessages lo
    iter ${stream} lo
    iter iterSSEChunks [DONE]
    iter _iterSSEMessages [DONE]
    finalizer iterSSEChunks exhausted
    finalizer _iterSSEMessages exhausted
    finalizer ${stream} exhausted
  `,
});

run.test('an error event closes what reads the stream', {
  events: lines`
    got Hel
    caught APIError: overloaded
  `,
  hooks: lines`
    firstiter ${stream}
    firstiter _iterSSEMessages
    firstiter iterSSEChunks
    iter iterSSEChunks Hel
    iter _iterSSEMessages Hel
    iter ${stream} Hel
    iter iterSSEChunks overloaded
    iter _iterSSEMessages overloaded
    finalizer iterSSEChunks closed
    finalizer _iterSSEMessages closed
    finalizer ${stream} failed APIError: overloaded
  `,
});

run.test('a stream can be iterated once', {
  events: lines`
    got once
    end
    caught ${consumed}
  `,
  hooks: lines`
    firstiter ${stream}
    firstiter _iterSSEMessages
    firstiter iterSSEChunks
    iter iterSSEChunks once
    iter _iterSSEMessages once
    iter ${stream} once
    iter iterSSEChunks [DONE]
    iter _iterSSEMessages [DONE]
    finalizer iterSSEChunks exhausted
    finalizer _iterSSEMessages exhausted
    finalizer ${stream} exhausted
    firstiter ${stream}#2
    finalizer ${stream}#2 failed ${consumed}
  `,
});

run.test('a break ends the request', {
  events: lines`
    got one
    got two
    broke off
    the server had finished: false
  `,
  hooks: lines`
    firstiter ${stream}
    firstiter _iterSSEMessages
    firstiter iterSSEChunks
    iter iterSSEChunks one
    iter _iterSSEMessages one
    iter ${stream} one
    iter iterSSEChunks two
    iter _iterSSEMessages two
    iter ${stream} two
    finalizer iterSSEChunks closed
    finalizer _iterSSEMessages closed
    finalizer ${stream} closed
  `,
});

run.test('a stream goes through a ReadableStream and back', {
  events: lines`
    got Hel
    got lo
    end
  `,
  hooks: lines`
    firstiter ${back}.iterator
    firstiter ${back}.iterLines
    firstiter ${stream}
    firstiter _iterSSEMessages
    firstiter iterSSEChunks
    iter iterSSEChunks Hel
    iter _iterSSEMessages Hel
    iter ${stream} Hel
    iter ${back}.iterLines Hel
    iter iterSSEChunks lo
    iter ${back}.iterator Hel
    iter _iterSSEMessages lo
    iter ${stream} lo
    iter ${back}.iterLines lo
    iter iterSSEChunks [DONE]
    iter ${back}.iterator lo
    iter _iterSSEMessages [DONE]
    finalizer iterSSEChunks exhausted
    finalizer _iterSSEMessages exhausted
    finalizer ${stream} exhausted
    finalizer ${back}.iterLines exhausted
    finalizer ${back}.iterator exhausted
  `,
  sideBySide: true,
});

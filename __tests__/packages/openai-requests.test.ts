import { lines, packageRun } from './helpers/package-run.js';

const run = packageRun('openai-requests', [
  'node_modules/openai/core/pagination.mjs',
  'node_modules/openai/core/streaming.mjs',
  'node_modules/openai/internal/uploads.mjs',
  '__tests__/packages/scenarios/openai-requests.mjs',
]);

const list = 'PagePromise.[Symbol.asyncIterator]';
const page = 'AbstractPage.[Symbol.asyncIterator]';
const pages = 'AbstractPage.iterPages';

run.test('a list asks for page after page', {
  events: lines`
    asked /files?limit=2
    got a
    got b
    asked /files?limit=2&after=b
    got c
    got d
    asked /files?limit=2&after=d
    got e
    end
  `,
  hooks: lines`
    firstiter ${list}
    firstiter ${page}
    firstiter ${pages}
    iter ${pages} a+b
    iter ${page} a
    iter ${list} a
    iter ${page} b
    iter ${list} b
    iter ${pages} c+d
    iter ${page} c
    iter ${list} c
    iter ${page} d
    iter ${list} d
    iter ${pages} e
    iter ${page} e
    iter ${list} e
    finalizer ${pages} exhausted
    finalizer ${page} exhausted
    finalizer ${list} exhausted
  `,
});

run.test('a break asks for no further page', {
  events: lines`
    asked /files
    got a
    got b
    asked /files?after=b
    got c
    broke off
  `,
  hooks: lines`
    firstiter ${list}
    firstiter ${page}
    firstiter ${pages}
    iter ${pages} a+b
    iter ${page} a
    iter ${list} a
    iter ${page} b
    iter ${list} b
    iter ${pages} c+d
    iter ${page} c
    iter ${list} c
    finalizer ${pages} closed
    finalizer ${page} closed
    finalizer ${list} closed
  `,
});

run.test('pages can be iterated by themselves', {
  events: lines`
    asked /files
    got a+b
    asked /files?after=b
    got c+d
    broke off
  `,
  hooks: lines`
    firstiter ${pages}
    iter ${pages} a+b
    iter ${pages} c+d
    finalizer ${pages} closed
  `,
});

run.test('a page that fails fails the list', {
  events: lines`
    asked /files?purpose=broken
    got a
    got b
    asked /files?purpose=broken&after=b
    caught NotFoundError: 404 page gone
  `,
  hooks: lines`
    firstiter ${list}
    firstiter ${page}
    firstiter ${pages}
    iter ${pages} a+b
    iter ${page} a
    iter ${list} a
    iter ${page} b
    iter ${list} b
    finalizer ${pages} failed NotFoundError: 404 page gone
    finalizer ${page} failed NotFoundError: 404 page gone
    finalizer ${list} failed NotFoundError: 404 page gone
  `,
});

run.test('an upload streams its parts', {
  events: lines`
    line --BOUNDARY
    line Content-Disposition: form-data; name="file"; filename="input.jsonl"
    line Content-Type: application/jsonl
    line one,two
    line --BOUNDARY
    line Content-Disposition: form-data; name="purpose"
    line batch
    line --BOUNDARY--
    made file-1
  `,
  hooks: lines`
    firstiter iterateMultipartBody
    firstiter iterateFormEntries
    firstiter iterateFormValue
    iter iterateFormValue file
    iter iterateFormEntries file
    iter iterateMultipartBody "--BOUNDARY\r\n"
    iter iterateMultipartBody "Content-Disposition: form-data; name=\"file\"; filename=\"input.jsonl\"\r\nContent-Type: application/jsonl\r\n\r\n"
    firstiter iterateBytes
    firstiter content
    iter content one,
    firstiter iterateBytes#2
    iter iterateBytes#2 "one,"
    iter iterateBytes "one,"
    iter iterateMultipartBody "one,"
    finalizer iterateBytes#2 exhausted
    iter content "two"
    firstiter iterateBytes#3
    iter iterateBytes#3 "two"
    iter iterateBytes "two"
    iter iterateMultipartBody "two"
    finalizer iterateBytes#3 exhausted
    finalizer content exhausted
    finalizer iterateBytes exhausted
    iter iterateMultipartBody "\r\n"
    finalizer iterateFormValue exhausted
    firstiter iterateFormValue#2
    iter iterateFormValue#2 purpose
    iter iterateFormEntries purpose
    iter iterateMultipartBody "--BOUNDARY\r\n"
    iter iterateMultipartBody "Content-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch"
    iter iterateMultipartBody "\r\n"
    finalizer iterateFormValue#2 exhausted
    finalizer iterateFormEntries exhausted
    iter iterateMultipartBody "--BOUNDARY--\r\n"
    finalizer iterateMultipartBody exhausted
  `,
});

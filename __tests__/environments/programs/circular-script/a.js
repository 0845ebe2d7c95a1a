Object.assign(exports, { __esModule: true, named, default: other });
const { record } = require('./b.js');

record.push('body of a');

async function* named(first, second = 2) {
  yield first + second;
}

async function* other() {
  yield 'default';
}

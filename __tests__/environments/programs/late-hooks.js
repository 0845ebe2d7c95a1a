async function* count(to) {
  for (let i = 0; i < to; i++) yield i;
}
const expression = async function* () {
  yield 'item';
};
const record = [];
const say = (...words) => record.push(words.join(' '));

const begun = count(3);
await begun.next();
const waiting = [count(1), expression(), (async function* () {})()];
const before = Object.getPrototypeOf(count.prototype);

const other = Object.create(count.prototype);
count.prototype = other;
say('its prototype was replaced', Object.getPrototypeOf(count()) === other);
count.prototype = 0;
say('it is no object', Object.getPrototypeOf(count()) === before);
count.prototype = other;

const { describeAsyncGen, setAsyncGenHooks } = await import('asyncgen-hooks');
setAsyncGenHooks({
  firstiter: (gen) => void say('firstiter', describeAsyncGen(gen).name),
  finalizer: (gen, { type }) => void say('finalizer', describeAsyncGen(gen).name, type),
});

for await (const value of begun) say('begun', value);
for (const gen of waiting) for await (const value of gen) say('waiting', value);
say('known', describeAsyncGen(begun), describeAsyncGen(waiting[0]));
for await (const value of count(1)) say('later', value);
for await (const value of expression()) say('later', value);
say('instances', begun instanceof count, count() instanceof count);
const rejected = await count.prototype.next.call({}).catch((error) => error);
say('of no generator', rejected instanceof TypeError);
console.log(JSON.stringify(record));

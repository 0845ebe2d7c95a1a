/** Sets no hook: compiled, it imports the shim and nothing else of the package. */
async function* declaration() {
  yield* [1, 2];
}

const object = {
  async *method() {
    yield* declaration();
    yield 3;
  },
};

async function main() {
  const values = [];
  for await (const value of object.method()) values.push(value);
  console.log(JSON.stringify(values));
}

main();

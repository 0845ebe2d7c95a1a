async function* rows() {
  for (let id = 1; ; id++) yield id;
}

test('closes its rows', async () => {
  for await (const id of rows()) if (id === 2) break;
});

test('leaves its rows open', async () => {
  globalThis.open = rows();
  await globalThis.open.next();
});

export async function* rows(table) {
  try {
    for (let id = 1; ; id++) {
      await null;
      yield `${table} ${id}`;
    }
  } finally {
    await null;
  }
}

export async function* stuck() {
  await new Promise(() => {});
  yield 1;
}

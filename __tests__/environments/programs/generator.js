export async function* generator() {
  yield 1;
}

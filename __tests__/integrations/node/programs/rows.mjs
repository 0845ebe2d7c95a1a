export async function* rows(count) {
  for (let i = 0; i < count; i++) yield i;
}

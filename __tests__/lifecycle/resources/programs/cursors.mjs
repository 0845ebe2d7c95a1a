import { PGlite } from '@electric-sql/pglite';
import { drive } from './drive.mjs';

let names = 0;
let closings = 0;

/** The rows of a query, a few at a time. */
async function* rows(db, query) {
  const name = `rows_${++names}`;
  await db.exec(`DECLARE ${name} CURSOR WITH HOLD FOR ${query}`);
  try {
    for (;;) {
      const fetched = await db.query(`FETCH 3 FROM ${name}`);
      if (fetched.rows.length === 0) return;
      yield* fetched.rows;
    }
  } finally {
    await db.exec(`CLOSE ${name}`);
    closings++;
  }
}

const db = await PGlite.create();

async function open(count) {
  const held = Array.from({ length: count }, () => rows(db, 'SELECT generate_series(1, 9)'));
  await Promise.all(held.map((gen) => gen.next()));
  return () => void (held.length = 0);
}

/** The query that counts is a nameless one among them. */
const COUNT = `SELECT count(*)::int AS cursors FROM pg_cursors WHERE name <> ''`;
const count = async () => (await db.query(COUNT)).rows[0];

await drive({ open, count, closings: () => closings });
await db.close();

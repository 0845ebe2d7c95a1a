import { close, openSync, read, readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { drive } from './drive.mjs';

let closings = 0;

/** The parts of a file. */
async function* parts(path) {
  const descriptor = openSync(path);
  try {
    for (;;) {
      const buffer = Buffer.alloc(16);
      const { bytesRead } = await promisify(read)(descriptor, buffer, 0, 16, null);
      if (bytesRead === 0) return;
      yield buffer.toString('utf8', 0, bytesRead);
    }
  } finally {
    await promisify(close)(descriptor);
    closings++;
  }
}

async function open(count) {
  const held = Array.from({ length: count }, () => parts(process.argv[1]));
  await Promise.all(held.map((gen) => gen.next()));
  return () => void (held.length = 0);
}

/** The descriptors of this process, as its operating system counts them. */
const descriptors = () => readdirSync('/proc/self/fd').length;
const atStart = descriptors();
const count = () => ({ descriptors: descriptors() - atStart });

await drive({ open, count, closings: () => closings });

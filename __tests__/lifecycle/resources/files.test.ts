import { existsSync } from 'node:fs';
import { describe } from '@jest/globals';
import { testResource } from './resources.js';

// Where the operating system does not list the descriptors of a process, nothing can be counted.
const canCount = existsSync('/proc/self/fd');

(canCount ? describe : describe.skip)('files, counted in /proc/self/fd', () => {
  testResource('files', {
    batch: 250,
    open: (count) => ({ descriptors: count }),
    leaked: (count) => ({ descriptors: count }),
  });
});

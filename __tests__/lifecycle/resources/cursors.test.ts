import { describe } from '@jest/globals';
import { testResource } from './resources.js';

describe('cursors of PostgreSQL, counted in pg_cursors', () => {
  testResource('cursors', {
    batch: 250,
    open: (count) => ({ cursors: count }),
    leaked: (count) => ({ cursors: count }),
  });
});

import { describe } from '@jest/globals';
import { testResource } from './resources.js';

describe('connections behind the responses of a web server to clients that disconnect', () => {
  testResource('sockets', {
    // The buffers of many sockets at a time are more than some kernels like.
    batch: 50,
    open: (count) => ({ toClients: count, toServerBehind: count }),
    leaked: (count) => ({ toClients: 0, toServerBehind: count }),
  });
});

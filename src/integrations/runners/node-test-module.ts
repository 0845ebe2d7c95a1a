import { install } from '../node/loader/install.js';
import { watchNodeTests, watcher } from './node-test.js';

await install({ watcher })?.();
watchNodeTests();

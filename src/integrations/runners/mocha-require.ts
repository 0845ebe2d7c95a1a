import { install } from '../node/loader/install.js';

export { mochaHooks } from './mocha.js';

install();

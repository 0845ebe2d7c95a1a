import { install } from './install.js';

await install()?.();

import { install } from './loader/install.js';

await install()?.();

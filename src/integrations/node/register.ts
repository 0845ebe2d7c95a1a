import { install } from './loader/install.js';

install();

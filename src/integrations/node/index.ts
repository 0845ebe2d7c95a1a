export { closeOnExit, type ExitOptions } from './exit.js';
export { formatLiveAsyncGens, type FormatOptions } from './format.js';

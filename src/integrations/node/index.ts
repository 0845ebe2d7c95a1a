export { closeOnExit, type ExitOptions } from './ending/close-on-exit.js';
export { formatLiveAsyncGens, type FormatOptions } from './report/live-gens.js';

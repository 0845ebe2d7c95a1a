export type { LiveAsyncGen } from './entry.js';
export type { LiveOptions, TrackOptions } from './options.js';
export type { ShutdownOptions, ShutdownReport } from './shutdown.js';
export { trackAsyncGens, type AsyncGenTracker } from './tracker.js';

export type { LiveAsyncGen } from './entry.js';
export { observeAsyncGens, type AsyncGenObserver, type AsyncGenStepEnd } from './observe.js';
export type { ShutdownOptions } from './limits.js';
export type { LiveOptions, TrackerShutdownOptions, TrackOptions } from './options.js';
export type { AsyncGenScope } from './scope.js';
export type { ShutdownReport } from './shutdown.js';
export { trackAsyncGens } from './tracker.js';
export type { AsyncGenTracker } from './types.js';

export {
  addAsyncGenHooks,
  asyncGenSignal,
  describeAsyncGen,
  getAsyncGenHandle,
  getAsyncGenHooks,
  getAsyncGenState,
  setAsyncGenClock,
  setAsyncGenHooks,
  type AddedAsyncGenHooks,
} from './hooks/api.js';
export type {
  AnyAsyncGenerator,
  AsyncGenHandle,
  AsyncGenHooks,
  AsyncGenOutcome,
  AsyncGenPlace,
  AsyncGenSite,
  AsyncGenState,
  AsyncGenStep,
  AsyncGenStepContext,
  AsyncGenStepName,
} from './types.js';
export { formatAsyncGenSite } from './hooks/report.js';

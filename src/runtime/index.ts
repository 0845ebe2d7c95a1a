export {
  addAsyncGenHooks,
  describeAsyncGen,
  getAsyncGenHooks,
  setAsyncGenHooks,
  type AddedAsyncGenHooks,
} from './hooks/api.js';
export type {
  AnyAsyncGenerator,
  AsyncGenHooks,
  AsyncGenOutcome,
  AsyncGenSite,
  AsyncGenStep,
} from './types.js';

export {
  addAsyncGenHooks,
  describeAsyncGen,
  getAsyncGenHandle,
  getAsyncGenHooks,
  setAsyncGenHooks,
  type AddedAsyncGenHooks,
} from './hooks/api.js';
export type {
  AnyAsyncGenerator,
  AsyncGenHandle,
  AsyncGenHooks,
  AsyncGenOutcome,
  AsyncGenSite,
  AsyncGenStep,
} from './types.js';
export { formatAsyncGenSite } from './hooks/report.js';

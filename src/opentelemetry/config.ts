import type { InstrumentationConfig } from '@opentelemetry/instrumentation';
import { show } from '../messages.js';
import { checkNames, optionError } from '../options.js';
import type { AsyncGenSite } from '../runtime/index.js';

export interface AsyncGenInstrumentationConfig extends InstrumentationConfig {
  /**
   * The generator functions that have spans and metrics; it is asked once for each.
   * @default all
   */
  filter?: (site: AsyncGenSite) => boolean;
  /**
   * Names the spans of a generator function. There have to be few names: no values of the program.
   * @default the function's name
   */
  spanName?: (site: AsyncGenSite) => string;
  /**
   * Whether a generator that is called where no span is active has a span.
   * @default false, it has
   */
  requireParentSpan?: boolean;
  /**
   * Whether each item is an event of its span, too.
   * @default false
   */
  itemEvents?: boolean;
}

const TYPES = {
  enabled: 'boolean',
  filter: 'function',
  spanName: 'function',
  requireParentSpan: 'boolean',
  itemEvents: 'boolean',
} as const;
const SUBJECT = 'opentelemetry: AsyncGenInstrumentation:';

/** @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for an unknown or wrong option. */
export function checkConfig(given: AsyncGenInstrumentationConfig): AsyncGenInstrumentationConfig {
  const config = checkNames<AsyncGenInstrumentationConfig>(SUBJECT, given, Object.keys(TYPES));
  for (const [name, value] of Object.entries(config)) {
    const type = TYPES[name as keyof typeof TYPES];
    if (typeof value === type) continue;
    const wants = type === 'function' ? 'a function' : 'true or false';
    throw optionError(SUBJECT, `option "${name}" is ${show(value)}. Pass ${wants}.`);
  }
  return { ...config };
}

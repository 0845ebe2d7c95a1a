import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * Loads an optional peer.
 *
 * @throws Error, code `ERR_ASYNCGEN_PEER`, saying what to install; `cause` is what Node said.
 */
function load<Module>(name: string): Module {
  try {
    return require(name) as Module;
  } catch (cause) {
    throw Object.assign(
      new Error(
        `asyncgen-hooks/opentelemetry: Cannot load ${name}. ` +
          'Install it: npm install @opentelemetry/api @opentelemetry/instrumentation',
        { cause },
      ),
      { code: 'ERR_ASYNCGEN_PEER' },
    );
  }
}

export const { context, INVALID_SPAN_CONTEXT, ROOT_CONTEXT, SpanStatusCode, trace } =
  load<typeof import('@opentelemetry/api')>('@opentelemetry/api');

export const { InstrumentationBase } = load<typeof import('@opentelemetry/instrumentation')>(
  '@opentelemetry/instrumentation',
);

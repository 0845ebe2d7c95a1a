import { createRequire } from 'node:module';

/**
 * Loads an optional peer. It is no import, which would say nothing of what to install; so a bundler does not see it, and
 * in a bundle there may be no `import.meta.url`.
 *
 * @throws Error, code `ERR_ASYNCGEN_PEER`, saying what to install; `cause` is what Node said.
 */
function load<Module>(name: string): Module {
  try {
    return createRequire(import.meta.url)(name) as Module;
  } catch (cause) {
    throw Object.assign(
      new Error(
        `asyncgen-hooks/opentelemetry: Cannot load ${name}. ` +
          'Install it: npm install @opentelemetry/api @opentelemetry/instrumentation; ' +
          'a bundle has to leave @opentelemetry/* and asyncgen-hooks/opentelemetry external.',
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

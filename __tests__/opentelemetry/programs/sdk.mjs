/** The SDK as a program sets it up; spans go to the receiver at OTLP_URL. */
import { context, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { AsyncGenInstrumentation } from 'asyncgen-hooks/opentelemetry';

export function start(config = {}, options = {}) {
  const instrumentation = new AsyncGenInstrumentation(config);
  const exporter = new OTLPTraceExporter({ url: process.env.OTLP_URL });
  const provider = new NodeTracerProvider({
    spanProcessors: [instrumentation.spanProcessor, new BatchSpanProcessor(exporter)],
    ...options,
  });
  provider.register();
  registerInstrumentations({ instrumentations: [instrumentation], tracerProvider: provider });
  const tracer = provider.getTracer('program');
  return {
    instrumentation,
    provider,
    /** Runs `fn` in a span of its own. */
    span: (name, fn) =>
      tracer.startActiveSpan(name, async (span) => {
        try {
          return await fn(span);
        } finally {
          span.end();
        }
      }),
    /** A span without a length, at this place. */
    mark: (name) => tracer.startSpan(name).end(),
    /** Runs `fn` where no span is active. */
    outside: (fn) => context.with(trace.deleteSpan(context.active()), fn),
  };
}

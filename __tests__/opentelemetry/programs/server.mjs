/** A server whose metrics Prometheus scrapes. Prints its port; ends with its standard input. */
import { createServer } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { AsyncGenInstrumentation } from 'asyncgen-hooks/opentelemetry';

const exporter = new PrometheusExporter({ preventServerStart: true });
const meterProvider = new MeterProvider({ readers: [exporter] });
registerInstrumentations({ instrumentations: [new AsyncGenInstrumentation()], meterProvider });

async function* answer(words) {
  for (let i = 0; i < words; i++) yield `data: ${i}\n\n`;
}
async function* feed() {
  yield 'data: open\n\n';
  await new Promise(() => {});
}
const server = createServer((request, response) => {
  if (request.url === '/metrics') return exporter.getMetricsRequestHandler(request, response);
  const body = request.url === '/feed' ? feed() : answer(5);
  pipeline(body, response).catch(() => {});
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit());

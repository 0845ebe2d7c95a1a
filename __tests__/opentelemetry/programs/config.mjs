import { TraceIdRatioBasedSampler, ParentBasedSampler } from '@opentelemetry/sdk-trace-node';
import { start } from './sdk.mjs';

const { config, ratio } = JSON.parse(process.argv[2]);
const { filter, spanName } = config;
if (filter) config.filter = ({ name }) => name !== filter;
if (spanName) config.spanName = ({ name }) => spanName + name;
const sampler = new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio ?? 1) });
const { span, instrumentation, provider } = start(config, { sampler });

async function* rows() {
  yield 1;
  yield 2;
}
const quiet = async function* () {
  yield 1;
};
for await (const _ of rows());
await span('root', async () => {
  for await (const _ of rows());
  for await (const _ of quiet());
});
instrumentation.disable();
for await (const _ of rows());
instrumentation.enable();
instrumentation.enable();
await span('again', async () => {
  for await (const _ of rows());
});
await provider.shutdown();

import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../environments/support/project.js';
import { blocksOf } from '../helpers/docs.js';
import { NodeProject } from '../integrations/node/support/node-project.js';
import { Receiver } from './support/receiver.js';

/** The programs are compiled by the engine; no Babel has a part in it. */
const once = process.env.BABEL === '8' ? test.skip : test;

const PACKAGES = [
  'api',
  'exporter-trace-otlp-http',
  'instrumentation',
  'resources',
  'sdk-trace-node',
].map((name) => `@opentelemetry/${name}`);

once('each program of the page on production does what it says', async () => {
  const blocks = blocksOf('production.md');
  const programs = blocks.filter(({ file, language }) => file !== undefined && language === 'js');
  using project = new NodeProject(
    Object.fromEntries(programs.map(({ file, text }) => [file!, text])),
  );
  for (const name of [...PACKAGES, '@apm-js-collab/code-transformer'])
    project.link(name, join(packageRoot, 'node_modules', name));
  const shown = programs.flatMap((program) => {
    const next = blocks[blocks.indexOf(program) + 1];
    return next?.language === 'text' ? [[program.file!, next.text]] : [];
  }) as [string, string][];
  expect(shown.map(([file]) => file)).toEqual(['context.mjs', 'channels.mjs', 'pipeline.mjs']);
  const ran = await Promise.all(
    shown.map(async ([file]) => {
      const { stdout, stderr } = await project.register(file);
      return [file, stdout + stderr];
    }),
  );
  expect(ran).toEqual(shown);

  const receiver = new Receiver();
  const url = await receiver.start();
  project.write({
    'app.mjs': 'async function* rows() { yield 1; }\nfor await (const row of rows());\n',
  });
  const { stderr, code } = await project.start(
    ['--import', 'asyncgen-hooks/register', '--import', './telemetry.mjs', 'app.mjs'],
    { env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url, OTEL_SERVICE_NAME: 'model' } },
  );
  await receiver.stop();
  expect([stderr, code]).toEqual(['', 0]);
  expect(
    receiver.take().map(({ service, name, attributes }) => [service, name, attributes]),
  ).toEqual([
    [
      'model',
      'rows',
      expect.objectContaining({ 'asyncgen.outcome': 'exhausted', 'code.line.number': 1 }),
    ],
  ]);
});

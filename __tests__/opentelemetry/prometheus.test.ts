import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { makeProject } from './support/program.js';

const PROMETHEUS = 'prometheus';
const isMissing = spawnSync(PROMETHEUS, ['--version']).error !== undefined && !process.env.CI;
if (isMissing)
  console.warn(
    'opentelemetry: prometheus, there is no such command, and its test is skipped. Install it: apt-get install prometheus.',
  );
const prometheusTest = isMissing || process.env.BABEL === '8' ? test.skip : test;

const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) {
    if (child.exitCode !== null) continue;
    child.kill();
    await once(child, 'exit');
  }
});

function start(command: string, args: string[], cwd: string): ChildProcess {
  const child = spawn(command, args, { cwd, stdio: ['pipe', 'pipe', 'ignore'] });
  children.push(child);
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The body of a response; that of `/feed` never ends, and its first part is enough. */
const read = (port: number, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (path === '/feed') resolve(text);
      });
      response.on('end', () => resolve(text)).on('error', reject);
    }).on('error', reject);
  });

prometheusTest('Prometheus scrapes a server, and answers from its metrics', async () => {
  using project = makeProject('server.mjs');
  const server = start(process.execPath, ['server.mjs'], project.root);
  const [line] = (await once(server.stdout!, 'data')) as [Buffer];
  const target = Number(line.toString());
  for (let i = 0; i < 3; i++) expect(await read(target, '/answer')).toContain('data: 4');
  expect(await read(target, '/feed')).toContain('open');

  const metrics = await read(target, '/metrics');
  const units = [...metrics.matchAll(/^# UNIT asyncgen_(\w+) (.+)$/gm)];
  expect(Object.fromEntries(units.map(([, name, unit]) => [name, unit]))).toEqual({
    begun_total: '{generator}',
    open: '{generator}',
    abandoned_total: '{generator}',
    items_total: '{item}',
    duration: 's',
    time_to_first_item: 's',
  });

  const port = await freePort();
  project.write({
    'prometheus.yml': `scrape_configs:
  - job_name: server
    scrape_interval: 1s
    static_configs: [{ targets: ['127.0.0.1:${target}'] }]
`,
  });
  start(
    PROMETHEUS,
    [
      '--config.file=prometheus.yml',
      `--storage.tsdb.path=${join(project.root, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    project.root,
  );

  const ask = async (query: string): Promise<Record<string, number>> => {
    const text = await read(port, `/api/v1/query?query=${encodeURIComponent(query)}`);
    const { data } = JSON.parse(text) as {
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    return Object.fromEntries(
      data.result.map(({ metric, value }) => [metric.code_function_name, Number(value[1])]),
    );
  };
  // It has started, and has scraped once, when it answers with something.
  for (;;) {
    const found = await ask('asyncgen_open').catch(() => ({}));
    if (Object.keys(found).length > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await ask('asyncgen_begun_total')).toEqual({ answer: 3, feed: 1 });
  expect(await ask('asyncgen_open')).toEqual({ answer: 0, feed: 1 });
  expect(await ask('asyncgen_items_total')).toEqual({ answer: 15, feed: 1 });
  expect(await ask('asyncgen_abandoned_total')).toEqual({ answer: 0, feed: 0 });
  expect(await ask('asyncgen_duration_count')).toEqual({ answer: 3 });
  expect(await ask('asyncgen_time_to_first_item_count')).toEqual({ answer: 3, feed: 1 });
  const within = 'histogram_quantile(1, asyncgen_duration_bucket)';
  expect((await ask(within)).answer).toBeGreaterThan(0);
});

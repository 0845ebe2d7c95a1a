/** One build by one tool, with the plugin or without: a process of its own, as a person's build is. */
import { createRequire } from 'node:module';
import { answer, readJob } from '../lib/processes.mjs';
import { builders } from './tools.mjs';

const { tool, kind, folder, dist } = readJob();
const require = createRequire(import.meta.url);
const { load, build, empty } = builders[tool];
const bundler = await load();
const begin = performance.now();
const before = process.cpuUsage();
// What it takes to load the plugin counts.
const loadPlugin = () => {
  const loaded = require(`${dist}${tool}.cjs`);
  return (loaded.default ?? loaded)();
};
const plugins = { without: () => [], empty: () => [empty], with: () => [loadPlugin()] }[kind]();
await build(bundler, { folder, plugins });
const { user, system } = process.cpuUsage(before);
answer({ wall: performance.now() - begin, cpu: (user + system) / 1000 });

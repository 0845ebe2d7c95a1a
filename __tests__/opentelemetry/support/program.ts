import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot, Project } from '../../environments/support/project.js';
import { compileHooked } from '../../helpers/babel.js';

const PROGRAMS = join(__dirname, '../programs');
const PACKAGES = [
  'api',
  'exporter-prometheus',
  'exporter-trace-otlp-http',
  'instrumentation',
  'sdk-metrics',
  'sdk-trace-node',
].map((name) => `@opentelemetry/${name}`);

/** A project with programs of this folder, compiled, and the SDK. */
export function makeProject(...names: string[]): Project {
  const compile = (name: string): string =>
    compileHooked(readFileSync(join(PROGRAMS, name), 'utf8'), {
      sourceType: 'module',
      filename: `/project/src/${name}`,
    });
  const project = new Project(Object.fromEntries(names.map((name) => [name, compile(name)])));
  for (const name of PACKAGES) project.link(name, join(packageRoot, 'node_modules', name));
  return project;
}

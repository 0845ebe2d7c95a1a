import { createRequire } from 'node:module';
import { makeScenarios } from './streaming-iterables.shared.mjs';

export const scenarios = makeScenarios(createRequire(import.meta.url)('streaming-iterables'));

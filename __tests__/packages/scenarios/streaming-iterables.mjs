import * as esm from 'streaming-iterables';
import { makeScenarios } from './streaming-iterables.shared.mjs';

export const scenarios = makeScenarios(esm);

export const BOUNDS = { runtime: {}, compile: {}, size: {}, memory: {} };

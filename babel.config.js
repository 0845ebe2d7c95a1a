/** Compiles the tests; what they compile themselves does not read this file. */
export default {
  presets: [['@babel/preset-env', { targets: { node: 'current' } }], '@babel/preset-typescript'],
};

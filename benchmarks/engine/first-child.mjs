/** Loads a compiler and compiles one file: what that took, in milliseconds of the processor. */
import { timeSync } from '../lib/pairs.mjs';
import { answer, readJob } from '../lib/processes.mjs';
import { loadCompiler } from './compilers.mjs';

const { dist, language, name, file } = readJob();
answer(timeSync(() => loadCompiler(name, dist, language === 'TypeScript')(file)));

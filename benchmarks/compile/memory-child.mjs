/** Compiles all files once, alone: what the process took at its peak. */
import { answer, readJob } from '../lib/processes.mjs';
import { makeCompile } from './configurations.mjs';
import { readCorpus } from './corpus.mjs';

const { dist, name } = readJob();
const compile = await makeCompile(name, dist);
for (const file of readCorpus()) compile(file);
answer(process.resourceUsage().maxRSS * 1024);

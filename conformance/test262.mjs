import { readFileSync } from 'node:fs';
import { forEachInThreads } from './pool.mjs';
import { LOWERINGS } from './test262/compile.mjs';
import { judge, Tally } from './test262/tally.mjs';
import { findTests, isCheckout } from './test262/suite.mjs';
import { COMPILERS, readCompiler } from '../scripts/compilers.mjs';
import { readUsage, runCommand, UsageError } from '../scripts/usage.mjs';

const HELP = `Usage: npm run test262 -- <folder> [options]

Runs the tests of Test262 that use async generators, as they are and compiled with asyncgen-hooks,
and tells which of those that pass before are lost after.

  <folder>          a checkout of https://github.com/tc39/test262
  --filter <text>   only tests with this text in their name
  --compiler <name> ${COMPILERS.join(', ')}; babel if left out. SWC's runs are compared with those of SWC alone
  --lower <target>  lowers with @babel/preset-env, or SWC, to ${LOWERINGS.join(' or ')} and compares with the compiler alone
  --hooks <on|off>  only with hooks of all five kinds in force, which change nothing, or only with
                    none; first without, then with them if left out
  --jobs <number>   threads; one for each processor if left out
  --help            prints this

Exits with 1 if a test is lost that conformance/known-losses.json does not name, or if it names one
that is not lost.
`;

const HOOKS = { off: [false], on: [true], undefined: [false, true] };

function readArguments() {
  const { positionals, values } = readUsage({
    filter: { type: 'string' },
    lower: { type: 'string' },
    hooks: { type: 'string' },
    compiler: { type: 'string', default: 'babel' },
  });
  if (values.help) return { help: true };
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) {
    throw new UsageError(
      `arguments, there are ${positionals.length} folders. Give one, a checkout of Test262.`,
    );
  }
  if (!isCheckout(folder)) {
    throw new UsageError(
      `folder "${folder}", it has no harness/assert.js. Give the folder that "git clone https://github.com/tc39/test262" makes.`,
    );
  }
  if (values.lower !== undefined && !LOWERINGS.includes(values.lower)) {
    throw new UsageError(
      `--lower "${values.lower}", it is no target. Give one of ${LOWERINGS.join(', ')}.`,
    );
  }
  if (values.hooks !== undefined && !Object.hasOwn(HOOKS, values.hooks)) {
    throw new UsageError(`--hooks "${values.hooks}", it is neither. Give on, off or leave it out.`);
  }
  return { ...values, compiler: readCompiler(values.compiler), folder };
}

async function main() {
  const { help, folder, filter, lower, hooks, compiler, jobs } = readArguments();
  if (help) {
    console.log(HELP);
    return;
  }
  const names = findTests(folder, filter);
  if (names.length === 0) {
    throw new UsageError(
      `--filter "${filter}", no test with async generators has it in its name. Give less of it.`,
    );
  }
  const known = JSON.parse(readFileSync(new URL('./known-losses.json', import.meta.url), 'utf8'));
  for (const isHooked of HOOKS[hooks]) {
    const tally = new Tally();
    await forEachInThreads(
      names,
      {
        jobs,
        filename: new URL('./test262/run-test.mjs', import.meta.url).href,
        workerData: { folder, lower, hooks: isHooked, compiler },
        execArgv: ['--experimental-vm-modules', '--no-warnings'],
      },
      (name, result) => tally.add(name, result),
      (name, error) => tally.addFailure(name, error),
      () => `${tally.lost.size} lost`,
    );
    const verdict = judge(tally, known[compiler] ?? {}, { compiler, lower, hooks: isHooked });
    console.log(verdict.report);
    if (!verdict.isGood) process.exitCode = 1;
  }
}

runCommand('conformance/test262', main);

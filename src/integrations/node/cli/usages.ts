/** What the command takes, and what its help says of it. */
import type { Option, Usage } from './arguments.js';

const FILTERS = {
  include: {
    type: 'string',
    multiple: true,
    value: 'glob',
    text: 'compile only these files (may be repeated)',
  },
  exclude: {
    type: 'string',
    multiple: true,
    value: 'glob',
    text: 'leave these files alone (may be repeated)',
  },
} satisfies Record<string, Option>;
const DEPS = {
  deps: {
    type: 'string',
    multiple: true,
    value: 'names',
    text: 'compile these dependencies as well: mongodb,openai (may be repeated)',
  },
} satisfies Record<string, Option>;
const OUTPUTS = {
  json: { type: 'string', value: 'file', text: 'write the report as JSON' },
  html: {
    type: 'string',
    value: 'file',
    text: 'write it as a page: a lane for each generator, a table, the source',
  },
  open: { type: 'boolean', text: 'show that page in the browser' },
  reporter: {
    type: 'string',
    multiple: true,
    value: 'kind[=file]',
    text: 'write it for other tools, too: github, junit, markdown, sarif (may be repeated)',
  },
  all: { type: 'boolean', text: 'list the functions without a problem, too' },
  'fail-on-leak': {
    type: 'boolean',
    text: 'exit with 1 if a generator was abandoned or is still open, or may be where nobody saw it',
  },
  baseline: {
    type: 'string',
    value: 'file',
    text: 'the same, but for the leaks of a report that --json has written',
  },
  'pass-with-no-files': {
    type: 'boolean',
    text: 'with --fail-on-leak: do not fail because no file was watched',
  },
} satisfies Record<string, Option>;
const HELP = { type: 'boolean', short: 'h', text: 'print this help' } satisfies Option;
export const SHUTDOWN_TIMEOUT = 5000;

export const RUN: Usage = {
  synopsis: `[options] <program> [arguments...]
       asyncgen-hooks compile [options] <files...>
       asyncgen-hooks report [options] <files...>
       asyncgen-hooks explain [options] <files...>
       asyncgen-hooks ps [options] <pid>`,
  text:
    'Runs a program with every async generator watched, and tells at the end which were left unfinished. ' +
    'The program is a file, as for node, a command of node_modules/.bin, or node, npm, npx, pnpm or yarn; ' +
    'its arguments are handed to it as they are. "compile" compiles a tree of files, "report" prints what ' +
    '--json has written, "explain" says whether a file is compiled, and if not, why, "ps" shows what is ' +
    'open in a process that runs ("asyncgen-hooks compile --help" tells more, and so on).',
  options: {
    ...OUTPUTS,
    trace: {
      type: 'string',
      value: 'file',
      text: 'write all steps as Trace Event JSON, for ui.perfetto.dev',
    },
    live: {
      type: 'string',
      value: 'port',
      fallback: '0',
      text: 'serve that page while the program runs, on this machine only; without a port on a free one',
    },
    signal: {
      type: 'string',
      value: 'name',
      text: 'print what is open now whenever this signal comes: SIGUSR2',
    },
    'shutdown-timeout': {
      type: 'string',
      value: 'ms',
      text: `how long each open generator may take to close at the end; 0 closes none (default ${SHUTDOWN_TIMEOUT})`,
    },
    ...FILTERS,
    ...DEPS,
    version: { type: 'boolean', short: 'v', text: 'print the version' },
    help: HELP,
  },
  after: [
    "The report goes to stderr; the output, the signals and the exit code are the program's.",
    'Worker threads and child processes that run Node are watched, too.',
    '',
    'Examples:',
    '  asyncgen-hooks app.js --port 8080',
    '  asyncgen-hooks --json report.json --fail-on-leak mocha',
    '  asyncgen-hooks --include "src/**" app.ts',
    '  asyncgen-hooks npm test',
  ],
};

export const COMPILE: Usage = {
  synopsis: 'compile [options] --out-dir <folder> <files...>',
  text: 'Compiles files, folders or globs.',
  options: {
    'out-dir': {
      type: 'string',
      short: 'd',
      value: 'folder',
      text: 'where the compiled files go; all others are copied there',
    },
    ...FILTERS,
    help: HELP,
  },
};

export const REPORT: Usage = {
  synopsis: 'report [options] <files...>',
  text: 'Prints the report of what --json has written, of one run or of several together.',
  options: { ...OUTPUTS, help: HELP },
};

export const EXPLAIN: Usage = {
  synopsis: 'explain [options] <files...>',
  text: 'Says of each file whether it is compiled in a run with these options, and if not, why.',
  options: { ...FILTERS, ...DEPS, help: HELP },
};

export const PS: Usage = {
  synopsis: 'ps [options] <pid>',
  text:
    'Shows the async generators that are open in a Node process, whether it was started by ' +
    'asyncgen-hooks or not. It sends SIGUSR1, on which Node opens its inspector, and closes that again. ' +
    'Meanwhile any program of this machine can reach it, without a password. The process collects garbage, ' +
    'stands still for a moment, and prints to stderr that a debugger is attached. If it listens ' +
    'for SIGUSR1 itself, it gets that signal in place of all this.',
  options: {
    yes: {
      type: 'boolean',
      short: 'y',
      text: 'do it without a question; needed where no terminal is',
    },
    json: { type: 'string', value: 'file', text: 'write what is open as JSON' },
    help: HELP,
  },
};

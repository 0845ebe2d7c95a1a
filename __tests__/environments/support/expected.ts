/** What programs have to print, wherever they run. */

/** `programs/abandoned.js`: of each way to drop a generator 300, and one that is held. */
export const abandoned = {
  before: {
    ran: 600,
    outcomes: { 'closed unfinished true': 300, 'abandoned unfinished true': 300 },
    answers: { '{"value":"by hook","done":true}': 300 },
  },
  after: {
    'closed unfinished true': 300,
    'abandoned unfinished true': 300,
    'exhausted unfinished true': 1,
  },
};

const report = (text: string, cause: string) => ({
  name: 'AsyncGenHooksWarning',
  code: 'ERR_ASYNCGEN_HOOK',
  message:
    'asyncgen-hooks/runtime: finalizer hook of generator (src/reporting.js:13:1) failed with ' +
    `"${text}", and the program went on. Handle the error inside the hook.`,
  cause,
});

/** `programs/reporting.js`: the program and the third hook meet nothing of the first two. */
export const reporting = {
  record: [1, 'exhausted'],
  reported: [report('at once', 'RangeError: at once'), report('later', 'later')],
};

/** The same where the host prints the message and nothing else. */
export const reportingWithPage = {
  ...reporting,
  reported: reporting.reported.map(({ message, ...others }) => ({
    ...others,
    message: `${message}\nSee asyncgen-hooks/docs/errors.md#err_asyncgen_hook`,
  })),
};

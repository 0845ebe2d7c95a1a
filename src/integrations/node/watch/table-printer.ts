/** A file of its own in `dist`: only the end of a run needs it. */
export { default as Table } from 'cli-table3';

/** What the plugin has for the files of tests: they run in other processes. */
export const PROVIDED = 'asyncgen-hooks';

export interface Provided {
  readonly tests: string;
  /** The folder that sites are relative to. */
  readonly root: string;
}

/** A module's id without its query. A `#` may also stand in the name of a folder. */
export const fileOf = (id: string): string => id.replace(/(?:\?|(?<=\.[cm]?[jt]sx?)#).*$/, '');

/**
 * Scripts by their extension. The scripts of components (`App.vue?vue&type=script&lang.ts`) are
 * not asked for by all frameworks in all modes, and are no longer at the lines of their file.
 */
export const SCRIPT = /^[^?]*\.[cm]?[jt]sx?(?:[?#]|$)/;

/** Texts and addresses of files, which bundlers hand on as modules of their own. */
export const ASSET = /[?&](?:raw|url)\b/;

/** Ids of modules that no file stands behind. */
export const VIRTUAL = /\0/;

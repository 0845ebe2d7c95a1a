/** A module's id without its query. */
export const fileOf = (id: string): string => id.replace(/[?#].*$/, '');

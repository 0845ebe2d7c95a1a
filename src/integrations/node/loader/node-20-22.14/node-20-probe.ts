/** Loaded to see who reads it. */
export {};

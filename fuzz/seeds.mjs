/** Programs in one batch, and so in one file that Babel compiles. */
export const SIZE = 100;

/** The seed of one batch, far from that of the next. */
export const seedOf = (seed, batch) => seed ^ Math.imul(batch + 1, 0x9e3779b1);

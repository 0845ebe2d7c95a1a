Object.freeze(globalThis);

/**
 * Puts sources that run side by side into one order: each waits for its turn, and a turn comes when
 * the consumer has what came before. Microtasks then decide nothing.
 */
export function makeTurns() {
  const gates = new Map();
  const gate = (turn) => {
    if (!gates.has(turn)) gates.set(turn, makeGate());
    return gates.get(turn);
  };
  return {
    reach: (turn) => gate(turn).open(),
    reached: (turn) => gate(turn).opened,
  };
}

export function makeGate() {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  return { open, opened };
}

/** Yields each value in its turn; an error is thrown. */
export async function* inTurn(turns, values, onEnd = () => {}) {
  try {
    for (const [turn, value] of values) {
      await turns.reached(turn);
      if (value instanceof Error) throw value;
      yield value;
    }
  } finally {
    onEnd();
  }
}

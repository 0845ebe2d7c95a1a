interface Host {
  /** Node 20.16, 22.3. */
  readonly process?: { getBuiltinModule?(name: string): unknown };
}

/** A module of Node's own, where the host has it: no import, so that browsers load this, too. */
export const builtinModule = <Module>(name: string): Module | undefined =>
  (globalThis as Host).process?.getBuiltinModule?.(name) as Module | undefined;

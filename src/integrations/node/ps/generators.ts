/** What V8 knows of the async generators of a thread, whether anybody compiled them or not. */
import type { AsyncGenSite } from '../../../runtime/index.js';
import type { LeftRow } from '../watch/left.js';
import { Scripts, type Location } from './scripts.js';
import type { Session } from './session.js';

/** Of each that is looked at, V8 is asked. */
const MOST = 10_000;
/** So many questions at once. */
const BATCH = 500;
const GROUP = 'asyncgen-hooks';

interface Remote {
  readonly objectId: string;
  readonly subtype?: string;
  /** Of a generator, the name of its function. */
  readonly description?: string;
  readonly value?: unknown;
}
interface Property {
  readonly name: string;
  readonly value?: Remote;
}
interface Properties {
  readonly result: readonly Property[];
  readonly internalProperties?: readonly Property[];
}

export interface Found {
  /** Those that have begun. */
  readonly rows: readonly LeftRow[];
  /** How many were called and never iterated, by their site. */
  readonly created: readonly { readonly site: AsyncGenSite; readonly count: number }[];
  /** How many there are that were not looked at. */
  readonly more: number;
}

/**
 * Forces a collection: what the program has dropped is not among them.
 * @param cwd the folder that files are relative to.
 */
export async function findGenerators(session: Session, cwd: string): Promise<Found> {
  const scripts = new Scripts(session, cwd);
  const contexts: number[] = [];
  session.on<{ context: { id: number } }>('Runtime.executionContextCreated', ({ context }) =>
    contexts.push(context.id),
  );
  await session.call('Runtime.enable');
  await session.call('Debugger.enable');
  try {
    let all: Remote[] = [];
    // Each realm has its own intrinsics: that of Jest's tests is not the main one.
    for (const contextId of contexts) all = all.concat(await objectsOf(session, contextId));
    const kinds = new Kinds(session, scripts);
    for (let at = 0; at < Math.min(all.length, MOST); at += BATCH)
      await Promise.all(all.slice(at, Math.min(at + BATCH, MOST)).map((each) => kinds.add(each)));
    return { ...kinds.found(), more: Math.max(0, all.length - MOST) };
  } finally {
    await session.call('Runtime.releaseObjectGroup', { objectGroup: GROUP });
    await session.call('Debugger.disable');
    await session.call('Runtime.disable');
  }
}

async function objectsOf(session: Session, contextId: number): Promise<Remote[]> {
  const { result: prototype } = await session.call<{ result: Remote }>('Runtime.evaluate', {
    expression: 'Object.getPrototypeOf(async function* () {}).prototype',
    contextId,
    objectGroup: GROUP,
  });
  if (prototype.objectId === undefined) return [];
  const { objects } = await session.call<{ objects: Remote }>('Runtime.queryObjects', {
    prototypeObjectId: prototype.objectId,
    objectGroup: GROUP,
  });
  const { result } = await session.call<Properties>('Runtime.getProperties', {
    objectId: objects.objectId,
    ownProperties: true,
  });
  // Beside the generators these are the prototypes of their functions.
  return result.flatMap(({ value }) => (value?.subtype === 'generator' ? [value] : []));
}

interface GeneratorFunction {
  readonly site: AsyncGenSite;
  /** Of its parameters: that is where V8 says that a function is, and a generator before its first step. */
  readonly start: Location | undefined;
}

/** Where the text of a function begins, whose parameters begin at `start`. */
function beginOf(start: Location, text: string): Location {
  const head = /^[^\n(]*(?=\()/.exec(text)?.[0].length ?? 0;
  return { ...start, columnNumber: Math.max(0, start.columnNumber - head) };
}

/** Those of one function that are at one place. */
class Kinds {
  readonly #rows = new Map<string, { row: Omit<LeftRow, 'count'>; count: number }>();
  readonly #created = new Map<string, { site: AsyncGenSite; count: number }>();
  readonly #functions = new Map<string, Promise<GeneratorFunction>>();

  constructor(
    private readonly session: Session,
    private readonly scripts: Scripts,
  ) {}

  found(): Pick<Found, 'rows' | 'created'> {
    const rows = [...this.#rows.values()].map(({ row, count }) => ({ ...row, count }));
    return { rows, created: [...this.#created.values()] };
  }

  async add({ objectId, description = '' }: Remote): Promise<void> {
    const { internalProperties = [] } = await this.#propertiesOf(objectId);
    const read = (name: string): Remote | undefined =>
      internalProperties.find((each) => each.name === `[[${name}]]`)?.value;
    const state = read('GeneratorState')?.value;
    const fn = read('GeneratorFunction');
    if (state === 'closed' || fn === undefined) return;
    const location = read('GeneratorLocation')?.value as Location | undefined;
    const { site, start } = await this.#functionOf(fn, description, location?.scriptId);
    const isAt = (place: Location): boolean =>
      place.lineNumber === location?.lineNumber && place.columnNumber === location.columnNumber;
    // In front of the first step.
    if (state === 'suspended' && start && isAt(start)) return this.#addCreated(site);
    const at = state === 'suspended' ? await this.scripts.at(location) : undefined;
    const place = at?.place && { file: at.place.file, line: at.place.line };
    if (at?.isYield)
      return this.#addRow({ site, state: 'suspended', ...(place && { parked: place }), stuck: 0 });
    this.#addRow({ site, state: 'running', ...(place && { awaits: place }), stuck: 0 });
  }

  #addRow(row: Omit<LeftRow, 'count'>): void {
    const key = JSON.stringify(row);
    const same = this.#rows.get(key);
    if (same === undefined) this.#rows.set(key, { row, count: 1 });
    else same.count++;
  }

  #addCreated(site: AsyncGenSite): void {
    const key = JSON.stringify(site);
    const same = this.#created.get(key);
    if (same === undefined) this.#created.set(key, { site, count: 1 });
    else same.count++;
  }

  /** V8 tells of a function by its text, which is asked for its place once. */
  #functionOf(fn: Remote, name: string, scriptId = ''): Promise<GeneratorFunction> {
    const key = `${scriptId}\0${fn.description}`;
    let found = this.#functions.get(key);
    if (found === undefined) this.#functions.set(key, (found = this.#find(fn, name)));
    return found;
  }

  async #find({ objectId, description = '' }: Remote, name: string): Promise<GeneratorFunction> {
    const { internalProperties = [] } = await this.#propertiesOf(objectId);
    const property = internalProperties.find((each) => each.name === '[[FunctionLocation]]');
    const start = property?.value?.value as Location | undefined;
    // The body of a declaration, or of a private method, that one of our compilers has renamed.
    const isOurs = description.includes('("asyncgen-hooks"');
    const shown = isOurs ? name.replace(/^(#?)_/, '$1') : name;
    const at = await this.scripts.at(start && beginOf(start, description));
    return { site: { name: shown, ...at?.place }, start };
  }

  #propertiesOf(objectId: string): Promise<Properties> {
    return this.session.call('Runtime.getProperties', { objectId, ownProperties: true });
  }
}

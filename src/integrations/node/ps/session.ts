import { WebSocketClient } from './websocket.js';

type Params = Readonly<Record<string, unknown>>;
type Listener = (params: never) => void;

/** For an answer: a large heap is looked through meanwhile. */
const LIMIT = 60_000;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
  readonly timer: NodeJS.Timeout;
}

/** One thread of a process, by the protocol of V8's inspector: https://chromedevtools.github.io/devtools-protocol/v8/ */
export class Session {
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Listener[]>();
  #id = 0;
  #isClosed = false;

  constructor(private readonly send: (text: string) => void) {}

  /** @returns the session of the main thread, and what ends the connection. */
  static async open(url: string): Promise<{ session: Session; close: () => void }> {
    const socket = await WebSocketClient.open(url);
    const session = new Session((text) => socket.send(text));
    socket.onText = (text) => session.receive(text);
    socket.onClose = () => session.end();
    return { session, close: () => socket.close() };
  }

  on<Params>(method: string, listener: (params: Params) => void): void {
    this.#listeners.set(method, [...(this.#listeners.get(method) ?? []), listener]);
  }

  /** @throws Error if the inspector refuses it, does not answer, or the process has ended. */
  call<Result>(method: string, params: Params = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(closed());
      const id = ++this.#id;
      const late = (): void => {
        this.#waiting.delete(id);
        reject(new Error(`no answer for ${LIMIT / 1000} s`));
      };
      const timer = setTimeout(late, LIMIT);
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, timer });
      this.send(JSON.stringify({ id, method, params }));
    });
  }

  receive(text: string): void {
    const { id, method, params, result, error } = JSON.parse(text) as Message;
    if (method !== undefined)
      for (const listener of this.#listeners.get(method) ?? []) listener(params as never);
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id!);
    clearTimeout(waiting.timer);
    if (error === undefined) waiting.resolve(result);
    else waiting.reject(new Error(error.message));
  }

  end(): void {
    this.#isClosed = true;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(closed());
    }
    this.#waiting.clear();
  }
}

const closed = (): Error => new Error('the connection was closed');

interface Attached {
  readonly sessionId: string;
  readonly workerInfo: { readonly title: string };
}

/** @returns the sessions of the worker threads of a process. */
export async function openWorkers(main: Session): Promise<Session[]> {
  const workers = new Map<string, Session>();
  main.on<Attached>('NodeWorker.attachedToWorker', ({ sessionId }) => {
    const send = (message: string): void =>
      void main.call('NodeWorker.sendMessageToWorker', { sessionId, message }).catch(() => {});
    workers.set(sessionId, new Session(send));
  });
  main.on<{ sessionId: string; message: string }>(
    'NodeWorker.receivedMessageFromWorker',
    ({ sessionId, message }) => workers.get(sessionId)?.receive(message),
  );
  main.on<{ sessionId: string }>('NodeWorker.detachedFromWorker', ({ sessionId }) =>
    workers.get(sessionId)?.end(),
  );
  // Those that are there are told of before this is answered.
  await main.call('NodeWorker.enable', { waitForDebuggerOnStart: false });
  return [...workers.values()];
}

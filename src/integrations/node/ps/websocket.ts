import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import type { Socket } from 'node:net';

const enum Opcode {
  Continuation = 0,
  Text = 1,
  Close = 8,
  Ping = 9,
  Pong = 10,
}

/**
 * As much of a WebSocket as Node's inspector needs: texts. Node 20 has no `WebSocket` without a flag.
 * Source: RFC 6455, https://www.rfc-editor.org/rfc/rfc6455
 */
export class WebSocketClient {
  onText: (text: string) => void = () => {};
  onClose: () => void = () => {};
  #chunks: Buffer[] = [];
  #size = 0;
  /** How many bytes the next frame has, as far as is known. */
  #needed = 2;
  #parts: Buffer[] = [];

  private constructor(private readonly socket: Socket) {
    socket.on('data', (data: Buffer) => this.#receive(data));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.onClose());
  }

  /** @param url `ws://127.0.0.1:9229/…` */
  static open(url: string): Promise<WebSocketClient> {
    return new Promise((resolve, reject) => {
      const request = get(url.replace(/^ws:/, 'http:'), {
        headers: {
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
          'Sec-WebSocket-Version': '13',
        },
      });
      request.on('error', reject);
      request.on('response', ({ statusCode }) => {
        request.destroy();
        reject(new Error(`${url} answered with ${statusCode}`));
      });
      request.on('upgrade', (_response, socket, head) => {
        const client = new WebSocketClient(socket as Socket);
        resolve(client);
        if (head.length > 0) client.#receive(head);
      });
    });
  }

  send(text: string): void {
    this.#write(Opcode.Text, Buffer.from(text));
  }

  close(): void {
    this.socket.destroy();
  }

  /** What a client sends is masked: proxies are not to take it for HTTP. */
  #write(opcode: Opcode, data: Buffer): void {
    const { length } = data;
    const head = Buffer.alloc(length < 126 ? 2 : length < 1 << 16 ? 4 : 10);
    head[0] = 0x80 | opcode;
    head[1] = 0x80 | (head.length === 2 ? length : head.length === 4 ? 126 : 127);
    if (head.length === 4) head.writeUInt16BE(length, 2);
    if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
    const mask = randomBytes(4);
    this.socket.write(Buffer.concat([head, mask, data.map((byte, i) => byte ^ mask[i & 3]!)]));
  }

  /** A frame may be of 100 MB, and comes in thousands of chunks. */
  #receive(data: Buffer): void {
    this.#chunks.push(data);
    this.#size += data.length;
    while (this.#size >= this.#needed) {
      const received = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
      this.#chunks = [received];
      const frame = readFrame(received);
      if (typeof frame === 'number') {
        this.#needed = frame;
        continue;
      }
      const rest = received.subarray(frame.end);
      this.#chunks = [rest];
      this.#size = rest.length;
      this.#needed = 2;
      this.#take(frame);
    }
  }

  #take({ opcode, isLast, payload }: Frame): void {
    if (opcode === Opcode.Close) return this.close();
    if (opcode === Opcode.Ping) return this.#write(Opcode.Pong, payload);
    if (opcode !== Opcode.Text && opcode !== Opcode.Continuation) return;
    this.#parts.push(payload);
    if (!isLast) return;
    const text = Buffer.concat(this.#parts).toString();
    this.#parts = [];
    this.onText(text);
  }
}

interface Frame {
  readonly opcode: number;
  readonly isLast: boolean;
  readonly payload: Buffer;
  readonly end: number;
}

/** @returns how many bytes are needed, if it has not arrived whole. What a server sends is not masked. */
function readFrame(bytes: Buffer): Frame | number {
  if (bytes.length < 2) return 2;
  const short = bytes[1]! & 0x7f;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < start) return start;
  const length =
    start === 2 ? short : start === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const end = start + length;
  if (bytes.length < end) return end;
  const first = bytes[0]!;
  const payload = bytes.subarray(start, end);
  return { opcode: first & 0x0f, isLast: (first & 0x80) !== 0, payload, end };
}

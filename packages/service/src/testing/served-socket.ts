import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { LocalFault } from './local-fault.ts';

/** A socket of a local service, through which its fault goes, and what came in by it. */
export class ServedSocket {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Everything that came, in order: text as the value of its JSON, or as it is. */
  readonly received: unknown[] = [];
  /** How it ended; undefined while it is open. */
  closed: { readonly code: number; readonly reason: string } | undefined;
  readonly #ws: WebSocket;
  readonly #fault: LocalFault;
  readonly #slow: Promise<void>;
  #sent = 0;
  #messages = 0;
  #silent = false;

  constructor(request: IncomingMessage, ws: WebSocket, fault: LocalFault) {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    this.path = pathname;
    this.query = searchParams;
    this.headers = request.headers;
    this.#ws = ws;
    this.#fault = fault;
    ws.on('error', () => {});
    ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    const ms = fault.type === 'slow' ? fault.firstByteMs : 0;
    this.#slow = ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve();
    if (fault.type === 'insert') ws.send(fault.text);
    if (fault.type === 'replace') ws.send(Buffer.from(fault.body));
    if (fault.type === 'flood') ws.send('x'.repeat(fault.bytes));
    this.#endIfDue();
  }

  /** What comes in: text as the value of its JSON, or as it is. */
  onMessage(told: (message: unknown) => void): void {
    this.#ws.on('message', (data, binary) => {
      const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]);
      const message = binary ? bytes : jsonOf(bytes.toString());
      this.received.push(message);
      told(message);
    });
  }

  onClose(told: () => void): void {
    this.#ws.on('close', told);
  }

  /** Sends bytes and text as they are, anything else as JSON, in order. After the end it does nothing. */
  async send(message: string | Uint8Array | object): Promise<void> {
    await this.#slow;
    const fault = this.#fault;
    if (fault.type === 'replace' || this.#silent || this.#ws.readyState !== this.#ws.OPEN) return;
    const binary = message instanceof Uint8Array;
    const data = Buffer.from(binary || typeof message === 'string' ? message : JSON.stringify(message));
    const most = fault.type === 'stall' || fault.type === 'cut' ? fault.afterBytes - this.#sent : data.length;
    if (data.length > most) return this.#breakOff(data.subarray(0, most), binary);
    this.#sent += data.length;
    this.#messages++;
    const size = fault.type === 'pieces' ? fault.bytes : Math.max(1, data.length);
    for (let at = 0; at === 0 || at < data.length; at += size)
      this.#ws.send(data.subarray(at, at + size), { binary, fin: at + size >= data.length });
    this.#endIfDue();
  }

  close(code = 1000, reason = ''): void {
    this.#ws.close(code, reason);
  }

  /** Sends the beginning of a message, and nothing more after that. */
  #breakOff(part: Buffer, binary: boolean): void {
    this.#silent = true;
    const end = () => {
      if (this.#fault.type === 'cut') this.#ws.terminate();
    };
    if (part.length === 0) end();
    else this.#ws.send(part, { binary, fin: false }, end);
  }

  #endIfDue(): void {
    const fault = this.#fault;
    if (fault.type === 'close' && this.#messages >= fault.afterMessages) this.#ws.close(fault.code, fault.reason);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

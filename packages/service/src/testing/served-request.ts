import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalFault } from './local-fault.ts';

/** A request that a local service received, and its answer, through which its fault goes. */
export class ServedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** All of it. */
  readonly body: Buffer;
  /** Aborted when the client went before the answer's end. */
  readonly signal: AbortSignal;
  readonly #response: ServerResponse;
  readonly #fault: LocalFault;
  readonly #waits = new Set<() => void>();
  #sent = 0;
  #begun = false;

  constructor(request: IncomingMessage, body: Buffer, response: ServerResponse, fault: LocalFault) {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    this.method = request.method ?? 'GET';
    this.path = pathname;
    this.query = searchParams;
    this.headers = request.headers;
    this.body = body;
    this.#response = response;
    this.#fault = fault;
    const gone = new AbortController();
    this.signal = gone.signal;
    response.on('close', () => {
      if (!response.writableFinished) gone.abort(new Error('the client has gone'));
      for (const resolve of this.#waits) resolve();
      this.#waits.clear();
    });
  }

  /** Whether the client went before the answer's end. A fault that cuts the connection counts as its going. */
  get cancelled(): boolean {
    return this.signal.aborted;
  }

  /** Whether the answer went out to its end. */
  get answered(): boolean {
    return this.#response.writableFinished;
  }

  /** The body as JSON, or undefined where it is none. */
  get json(): unknown {
    try {
      return JSON.parse(this.body.toString());
    } catch {
      return undefined;
    }
  }

  /** Answers as a whole, with JSON. */
  async reply(value: unknown, status = 200): Promise<void> {
    this.begin('application/json', status);
    await this.write(JSON.stringify(value));
    await this.end();
  }

  /** Begins an answer that comes in pieces. */
  begin(contentType: string, status = 200, headers: Readonly<Record<string, string>> = {}): void {
    const fault = this.#fault;
    const type = fault.type === 'replace' ? fault.contentType : contentType;
    this.#response.writeHead(status, { 'content-type': type, ...headers });
    // Services tell that they have begun before they know what to say.
    if (fault.type !== 'slow') this.#response.flushHeaders();
  }

  /** Sends a piece; resolves when it was handed on. After the client has gone it does nothing. */
  async write(piece: string | Uint8Array): Promise<void> {
    if (!this.#begun) await this.#before();
    this.#begun = true;
    if (this.#fault.type === 'replace') return;
    const bytes = Buffer.from(piece);
    const size = this.#fault.type === 'pieces' ? this.#fault.bytes : bytes.length;
    for (let at = 0; at < bytes.length && !this.cancelled; at += size) await this.#send(bytes.subarray(at, at + size));
  }

  /** Ends the answer. */
  async end(): Promise<void> {
    if (!this.#begun) await this.write('');
    if (!this.cancelled) await new Promise<void>((resolve) => this.#response.end(() => resolve()));
  }

  async #before(): Promise<void> {
    const fault = this.#fault;
    if (fault.type === 'slow') await this.#pause(fault.firstByteMs);
    if (fault.type === 'insert') await this.#send(Buffer.from(fault.text));
    if (fault.type === 'replace') await this.#send(Buffer.from(fault.body));
    const piece = Buffer.alloc(65_536, 'x');
    for (let left = fault.type === 'flood' ? fault.bytes : 0; left > 0 && !this.cancelled; left -= piece.length)
      await this.#send(piece.subarray(0, left));
  }

  async #send(bytes: Buffer): Promise<void> {
    const fault = this.#fault;
    const most = fault.type === 'stall' || fault.type === 'cut' ? fault.afterBytes : Number.POSITIVE_INFINITY;
    const part = bytes.subarray(0, Math.max(0, most - this.#sent));
    this.#sent += part.length;
    if (part.length > 0 && !this.cancelled) await this.#unlessGone((done) => void this.#response.write(part, done));
    // The next piece is a packet of its own.
    if (fault.type === 'pieces') await new Promise((resolve) => setImmediate(resolve));
    if (part.length === bytes.length) return;
    if (fault.type === 'cut') this.#response.destroy();
    await this.#pause(Number.POSITIVE_INFINITY);
  }

  async #pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await this.#unlessGone((done) => {
      if (Number.isFinite(ms)) timer = setTimeout(done, ms);
    });
    clearTimeout(timer);
  }

  /** Resolves when it is done, or the client has gone. */
  #unlessGone(begin: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      if (this.cancelled) return resolve();
      this.#waits.add(resolve);
      begin(() => {
        this.#waits.delete(resolve);
        resolve();
      });
    });
  }
}

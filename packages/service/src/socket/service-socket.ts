// A WebSocket to a service: deadlines, bounds, signs of life, ends that say what helps. It connects once: whether to come
// back is decided by who uses it.

import { toError } from '@sluice/core';
import { isVoiceError } from '@sluice/core/voice';
import type { RawData, WebSocket } from 'ws';
import { networkError } from '../faults/network-error.ts';
import { parseJson } from '../faults/parse-json.ts';
import { redact } from '../faults/redact.ts';
import { serviceError } from '../faults/service-error.ts';
import { inTime, type ServiceContext } from '../in-time.ts';
import { closeError } from './close-error.ts';
import { connect } from './connect.ts';
import { Heartbeat } from './heartbeat.ts';
import type { ServiceSocketOptions, SocketMessage } from './socket-options.ts';

/** How long the other side may take to say that it closes as well, in milliseconds of the machine. */
const CLOSE_MS = 1_000;

/** An open connection. `close`, or the abort of the context's signal, gives it back. */
export class ServiceSocket {
  readonly #context: ServiceContext;
  readonly #options: ServiceSocketOptions;
  readonly #ws: WebSocket;
  readonly #heartbeat: Heartbeat;
  readonly #closed: Promise<void>;
  #drained: (() => void)[] = [];
  #ended = false;
  #closing = false;

  /** Connects. @throws VoiceError when it is refused, fails, or takes too long. */
  static async open(context: ServiceContext, options: ServiceSocketOptions): Promise<ServiceSocket> {
    return new ServiceSocket(context, options, await connect(context, options));
  }

  private constructor(context: ServiceContext, options: ServiceSocketOptions, ws: WebSocket) {
    this.#context = context;
    this.#options = options;
    this.#ws = ws;
    this.#heartbeat = new Heartbeat(ws, options, () => {
      const message = 'there was no sign of life from it';
      this.#end(1006, '', serviceError({ ...options.identity, category: 'retry', message }));
    });
    this.#closed = new Promise((resolve) => ws.once('close', () => resolve()));
    const onAbort = () => void this.close();
    ws.on('message', (data, binary) => this.#read(data, binary));
    ws.on('error', (reason) => this.#end(1006, '', networkError(options.identity, 'the connection failed', reason)));
    ws.on('close', (code, reason) => {
      context.signal.removeEventListener('abort', onAbort);
      this.#heartbeat.stop();
      this.#end(code, reason.toString());
      this.#drain();
    });
    context.signal.addEventListener('abort', onAbort, { once: true });
    if (context.signal.aborted) onAbort();
    ws.resume();
  }

  /** Whether it can still be sent to. */
  get open(): boolean {
    return !this.#ended && !this.#closing;
  }

  /** Bytes that wait to be sent. */
  get bufferedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  /**
   * Sends a message. A promise comes only while there is no room; await it before the next one. After the end it is
   * dropped.
   */
  send(message: SocketMessage): undefined | Promise<void> {
    if (!this.open) return;
    this.#write(message);
    const { mostBufferedBytes = 256 * 1024, fullMs = 10_000, identity } = this.#options;
    if (this.#ws.bufferedAmount <= mostBufferedBytes) return;
    const room = new Promise<void>((resolve) => this.#drained.push(resolve));
    const late = () =>
      serviceError({ ...identity, category: 'retry', message: `it took nothing of what was sent for ${fullMs} ms` });
    return inTime(this.#context, fullMs, room, late).catch((error: unknown) => {
      if (this.#context.signal.aborted) return;
      this.#end(1006, '', toError(error));
      throw error;
    });
  }

  /** Says the farewell, closes, and resolves when it is closed. Again does nothing. */
  close(code = 1000): Promise<void> {
    if (!this.#closing) {
      if (this.open && this.#options.farewell !== undefined) this.#write(this.#options.farewell());
      this.#closing = true;
      this.#heartbeat.stop();
      this.#ws.close(code);
      const timer = setTimeout(() => this.#ws.terminate(), CLOSE_MS);
      void this.#closed.then(() => clearTimeout(timer));
    }
    return this.#context.clock.track(this.#closed);
  }

  #write(message: SocketMessage): void {
    const plain = typeof message === 'string' || message instanceof Uint8Array;
    this.#ws.send(plain ? message : JSON.stringify(message), () => this.#drain());
  }

  #drain(): void {
    const { mostBufferedBytes = 256 * 1024 } = this.#options;
    if (this.#ws.readyState === 1 && this.#ws.bufferedAmount > mostBufferedBytes / 2) return;
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  #read(data: RawData, binary: boolean): void {
    if (!this.open) return;
    this.#heartbeat.heard();
    const { identity, onMessage, onBinary } = this.#options;
    try {
      const bytes = bytesOf(data);
      if (!binary) onMessage(parseJson(identity, bytes.toString()));
      else if (onBinary !== undefined) onBinary(bytes);
      else
        throw serviceError({ ...identity, category: 'fall-back', message: `it sent ${bytes.length} bytes for text` });
    } catch (error) {
      const cause = toError(error);
      const message = `a message of it could not be read: ${cause.message}`;
      const known = isVoiceError(error) ? error : serviceError({ ...identity, category: 'fall-back', message, cause });
      this.#end(1006, '', known);
    }
  }

  #end(code: number, reason: string, error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    const fault = this.#closing ? undefined : (error ?? closeError(this.#options, code, reason));
    if (fault !== undefined) this.#ws.terminate();
    const said = redact(reason, this.#options.identity.secrets);
    this.#options.onEnd({ code, reason: said, ...(fault === undefined ? {} : { error: fault }) });
  }
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

import { type Clock, checkKeys, realClock } from '@sluice/core';
import type { WebSocketLike } from '../socket/web-socket-like.ts';

/** Options of `socketPair`. */
export interface SocketPairOptions {
  /** Default: real time. */
  readonly clock?: Clock;
  /** One way, in milliseconds. Default 0. */
  readonly latencyMs?: number;
}

type Listener = (event: never) => void;

/** A WebSocket without a network: one of two that are joined, in the time of a clock. */
export class PairedSocket implements WebSocketLike {
  readyState = 1;
  binaryType = 'arraybuffer';
  /** Set it to let the socket be full. */
  bufferedAmount = 0;
  other!: PairedSocket;
  readonly #clock: Clock;
  readonly #latencyMs: number;
  readonly #listeners = new Map<string, Listener[]>();

  constructor(clock: Clock, latencyMs: number) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
  }

  send(data: string | Uint8Array): void {
    if (this.readyState !== 1) return;
    const sent = typeof data === 'string' ? data : new Uint8Array(data).buffer;
    this.#later(() => this.other.readyState < 2 && this.other.emit('message', { data: sent }));
  }

  /** Closes both. Codes that a program may not say, 1006, say how a connection was lost. */
  close(code = 1005, reason = ''): void {
    if (this.readyState >= 2) return;
    this.readyState = 2;
    for (const side of [this, this.other])
      this.#later(() => {
        if (side.readyState === 3) return;
        side.readyState = 3;
        side.emit('close', { code, reason });
      });
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  emit(type: string, event: unknown): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }

  #later(work: () => void): void {
    this.#clock.at(this.#clock.now() + this.#latencyMs, work);
  }
}

/** Two WebSockets that are joined without a network. */
export function socketPair(options: SocketPairOptions = {}): [PairedSocket, PairedSocket] {
  checkKeys<SocketPairOptions>('socketPair', options, { clock: true, latencyMs: true });
  const { clock = realClock, latencyMs = 0 } = options;
  const one = new PairedSocket(clock, latencyMs);
  const other = new PairedSocket(clock, latencyMs);
  one.other = other;
  other.other = one;
  return [one, other];
}

import type { Cancel, Clock } from '@sluice/core';
import type { Refusal } from '@sluice/protocol';
import type { WebSocket } from 'ws';
import type { MemberSocket } from './member.ts';
import { closeCodes } from './refusal.ts';
import type { HubConnection } from './room-hub.ts';
import { TokenBucket } from './token-bucket.ts';

/** A ping is sent this often; three without an answer and the socket is dead. Milliseconds. */
const PING_MS = 2_000;
const DEAD_AFTER_MS = 3 * PING_MS;
/** A client that does not read: this much may wait in bytes, for so long in milliseconds, and never more than the last. */
const SLOW_BYTES = 1 << 20;
const SLOW_MS = 5_000;
const STUCK_BYTES = 4 << 20;
/** A client that is this far ahead of its rate floods. Milliseconds. */
const FLOOD_MS = 5_000;
/** How long the other side has to answer a close, in milliseconds. */
const CLOSE_MS = 1_000;

export interface RoomSocketOptions {
  readonly clock: Clock;
  /** A first message that is accepted must come within this time, in milliseconds. */
  readonly joinDeadlineMs: number;
  /** Opens the connection in the hub; `joined` is called when the first message was accepted. */
  readonly connect: (socket: MemberSocket, joined: () => void) => HubConnection;
}

/** The server's end of a client's socket, with its limits: deadlines, heartbeat, rate, and what may wait unread. */
export class RoomSocket implements MemberSocket {
  readonly #ws: WebSocket;
  readonly #clock: Clock;
  readonly #bucket: TokenBucket;
  readonly #connection: HubConnection;
  #lastHeard: number;
  #slowSince: number | undefined;
  #cancelDeadline: Cancel;
  #cancelPing: Cancel = () => {};
  #cancelResume: Cancel = () => {};

  constructor(ws: WebSocket, { clock, joinDeadlineMs, connect }: RoomSocketOptions) {
    this.#ws = ws;
    this.#clock = clock;
    this.#bucket = new TokenBucket({ clock, burst: 400, perSecond: 100 });
    this.#lastHeard = clock.now();
    this.#cancelDeadline = clock.at(clock.now() + joinDeadlineMs, () =>
      this.refuse('too-late', `no join within ${joinDeadlineMs} ms`),
    );
    this.#connection = connect(this, () => this.#cancelDeadline());
    this.#schedulePing();
    ws.on('pong', () => this.#heard());
    ws.on('message', (data: Buffer, isBinary: boolean) => this.#take(data, isBinary));
    // What the library finds wrong (too long, not UTF-8, a broken frame) it closes by itself, with the standard's code.
    ws.on('error', () => {});
    ws.on('close', () => this.#closed());
  }

  get lastHeard(): number {
    return this.#lastHeard;
  }

  send(text: string): void {
    const ws = this.#ws;
    if (ws.readyState !== ws.OPEN) return;
    if (ws.bufferedAmount > STUCK_BYTES) ws.terminate();
    else ws.send(text);
  }

  refuse(refusal: Refusal, message: string): void {
    const ws = this.#ws;
    if (ws.readyState !== ws.OPEN) return ws.terminate();
    this.#connection.refused(refusal);
    ws.send(JSON.stringify({ type: 'refused', code: refusal, message }));
    this.#end(closeCodes[refusal], refusal);
  }

  close(): void {
    this.#end(1000, 'left');
  }

  #end(code: number, reason: string): void {
    const ws = this.#ws;
    // The answer to the close has to be read.
    ws.resume();
    ws.close(code, reason);
    const cancel = this.#clock.at(this.#clock.now() + CLOSE_MS, () => ws.terminate());
    ws.once('close', cancel);
  }

  #heard(): void {
    this.#lastHeard = this.#clock.now();
  }

  #schedulePing(): void {
    this.#cancelPing = this.#clock.at(this.#clock.now() + PING_MS, () => this.#ping());
  }

  #ping(): void {
    const ws = this.#ws;
    const now = this.#clock.now();
    this.#slowSince = ws.bufferedAmount > SLOW_BYTES ? (this.#slowSince ?? now) : undefined;
    const slow = this.#slowSince !== undefined && now - this.#slowSince >= SLOW_MS;
    if (slow || now - this.#lastHeard > DEAD_AFTER_MS) return ws.terminate();
    if (ws.readyState === ws.OPEN) ws.ping();
    this.#schedulePing();
  }

  #take(data: Buffer, isBinary: boolean): void {
    const ws = this.#ws;
    this.#heard();
    if (ws.readyState !== ws.OPEN) return;
    if (isBinary) return this.refuse('malformed', 'messages are text');
    const waitMs = this.#bucket.take();
    if (waitMs > FLOOD_MS) return this.refuse('rate', 'too many messages');
    // Reading stops until the rate is kept again: a burst is slowed down, nothing of it is lost.
    if (waitMs > 0 && !ws.isPaused) {
      ws.pause();
      this.#cancelResume = this.#clock.at(this.#clock.now() + waitMs, () => ws.resume());
    }
    this.#connection.message(data.toString());
  }

  #closed(): void {
    this.#cancelPing();
    this.#cancelResume();
    this.#cancelDeadline();
    this.#connection.closed();
  }
}

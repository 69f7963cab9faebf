import type { Cancel, Clock } from '@sluice/core';
import type { Refusal } from '@sluice/protocol';
import type { WebSocket } from 'ws';
import { type AddressBudget, CROWDED_MS, JOIN_COST } from './budgets/address-budgets.ts';
import { MessageBudget } from './budgets/message-budget.ts';
import type { HubConnection, Joined } from './hub-connection.ts';
import type { MemberSocket } from './members/member.ts';
import { closeCodes } from './refusal.ts';

/** A ping is sent this often; three without an answer and the socket is dead. Milliseconds. */
const PING_MS = 2_000;
const DEAD_AFTER_MS = 3 * PING_MS;
/** A client that does not read: this much may wait in bytes, for so long in milliseconds, and never more than the last. */
const SLOW_BYTES = 1 << 20;
const SLOW_MS = 5_000;
const STUCK_BYTES = 4 << 20;
/** A client that is this far ahead of its rate floods. Milliseconds. */
const FLOOD_MS = 5_000;
/** So long is a socket not read at most, in milliseconds: its answers to pings wait too. */
const SLOWED_MS = 4_000;
/** Newcomers of an address that is over its rate wait for so long at most, in milliseconds, or are turned away. */
const NEWCOMER_MS = 4_000;
/** How long the other side has to answer a close, in milliseconds. */
const CLOSE_MS = 1_000;

export interface RoomSocketOptions {
  readonly clock: Clock;
  /** A first message that is accepted must come within this time, in milliseconds. */
  readonly joinDeadlineMs: number;
  /** What all sockets of its address may do together. */
  readonly address: AddressBudget;
  readonly room: string;
  /** Opens the connection in the hub; `joined` is called when the first message was accepted. */
  readonly connect: (socket: MemberSocket, joined: Joined) => HubConnection;
}

/** The server's end of a client's socket, with its limits: deadlines, heartbeat, rate, and what may wait unread. */
export class RoomSocket implements MemberSocket {
  readonly #ws: WebSocket;
  readonly #clock: Clock;
  readonly #address: AddressBudget;
  readonly #room: string;
  #budget: MessageBudget;
  #isNew = true;
  #isMember = false;
  readonly #connection: HubConnection;
  #lastHeard: number;
  #slowSince: number | undefined;
  #cancelDeadline: Cancel;
  #cancelPing: Cancel = () => {};
  #cancelResume: Cancel = () => {};
  #cancelFirst: Cancel = () => {};

  constructor(ws: WebSocket, { clock, joinDeadlineMs, address, room, connect }: RoomSocketOptions) {
    this.#ws = ws;
    this.#clock = clock;
    this.#address = address;
    this.#room = room;
    this.#budget = new MessageBudget(clock);
    this.#lastHeard = clock.now();
    this.#cancelDeadline = clock.at(clock.now() + joinDeadlineMs, () =>
      this.refuse('too-late', `no join within ${joinDeadlineMs} ms`),
    );
    this.#connection = connect(this, (budget) => {
      this.#cancelDeadline();
      // A member's own budget is the one of all its sockets.
      this.#budget = budget ?? this.#budget;
      this.#isMember = budget !== undefined;
    });
    this.#schedulePing();
    ws.on('pong', (data) => this.#control(data));
    ws.on('ping', (data) => this.#control(data));
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
    if (refusal === 'rate' && this.#isMember && this.#budget.offends()) this.#address.offended(this.#room);
    ws.send(JSON.stringify({ type: 'refused', code: refusal, message }));
    this.#end(closeCodes[refusal], refusal);
  }

  close(): void {
    this.#end(1000, 'left');
  }

  get isSuspect(): boolean {
    return this.#address.isSuspect(this.#room);
  }

  tryJoin(): boolean {
    return this.#address.tryJoin(this.#room);
  }

  wait(): (() => void) | null {
    return this.#address.wait();
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
    const { length } = data;
    if (this.#isNew) return this.#first(data);
    if (this.#charge(length)) this.#connection.message(data.toString(), length);
  }

  /** The library answers pings by itself; they cost what messages do. */
  #control({ length }: Buffer): void {
    this.#heard();
    if (this.#ws.readyState === this.#ws.OPEN) this.#charge(length);
  }

  /** Returns false if that was too much. */
  #charge(bytes: number): boolean {
    const [budget, address] = [this.#budget, this.#address];
    const ownMs = budget.take(bytes);
    const addressMs = address.take(bytes);
    const hasMore = budget.exceeds(address.share);
    if (ownMs > FLOOD_MS) {
      this.refuse('rate', 'too many messages');
      return false;
    }
    const isSlowed = budget.strained || (hasMore && addressMs > CROWDED_MS);
    this.#slowDown(Math.max(ownMs, isSlowed ? addressMs : 0));
    return true;
  }

  /** A newcomer waits while its address is over its rate. */
  #first(data: Buffer): void {
    this.#isNew = false;
    const waitMs = this.#address.take(data.length, JOIN_COST);
    if (waitMs > NEWCOMER_MS) return this.refuse('rate', 'too many newcomers from this address');
    if (waitMs === 0) return this.#connection.message(data.toString(), data.length);
    this.#slowDown(waitMs);
    this.#cancelFirst = this.#clock.at(this.#clock.now() + waitMs, () =>
      this.#connection.message(data.toString(), data.length),
    );
  }

  /** Reading stops until the rate is kept again: a burst is slowed down, nothing of it is lost. */
  #slowDown(waitMs: number): void {
    const ws = this.#ws;
    if (waitMs === 0 || ws.isPaused) return;
    ws.pause();
    this.#cancelResume = this.#clock.at(this.#clock.now() + Math.min(waitMs, SLOWED_MS), () => ws.resume());
  }

  #closed(): void {
    this.#cancelPing();
    this.#cancelResume();
    this.#cancelFirst();
    this.#cancelDeadline();
    this.#connection.closed();
  }
}

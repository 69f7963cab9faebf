// What the parts of a runtime ask of those above them: an actor of whatever runs it, ports and links of the actor
// that they belong to, ports of their links. Interfaces only; everything else points downwards.

import type { Frame } from '../media/frame.ts';
import type { MediaFormat } from '../media/media-format.ts';
import type { Clock } from '../time/clock.ts';

export const actorStates = ['idle', 'running', 'down', 'ended', 'failed', 'stopped'] as const;
/** `down`: failed and about to be restarted. */
export type ActorState = (typeof actorStates)[number];

/** What an actor asks of the runtime that it is part of. */
export interface ActorHost<A> {
  /** The graph's. */
  readonly name: string;
  readonly clock: Clock;
  /** Numbers from 0 to 1. */
  readonly random: () => number;
  /** What is made now belongs to it. */
  readonly epoch: number;
  /** Every how many frames the processing time is taken. */
  readonly timeSample: number;
  /** Its stream is over. */
  completed(actor: A): void;
  /** It cannot go on: its supervision decides. */
  failed(actor: A, reason: unknown): void;
  /** A fault that ends nothing. */
  reported(actor: A, reason: unknown): void;
  stateChanged(actor: A): void;
  /** Somebody waits, has got room or has heard of an end: the graph may stand still from now on. */
  mayStall(): void;
  /** The graph does not end before what is returned is called. The label names who is waited for. */
  keepAlive(label: string): () => void;
}

/** A port, as the actor that it belongs to is told of it. */
interface Port {
  readonly name: string;
}

/** What ports and links ask of the actor that they belong to. */
export interface PortOwner {
  readonly id: string;
  readonly state: ActorState;
  readonly epoch: number;
  framesOut: number;
  /** Whether it would take a frame right now. */
  readonly idle: boolean;
  readonly wantsFormats: boolean;
  /** Time of the graph's clock, in milliseconds. */
  now(): number;
  describe(): string;
  /** Takes a frame; only while it is idle. */
  receive(port: Port, frame: Frame): void;
  /** Something waits for it on a link. */
  wake(): void;
  /** A link behind it is full, or has room again. */
  block(): void;
  unblock(): void;
  formatChanged(port: Port, format: MediaFormat): void;
  /** More was emitted at the port than may wait there. */
  overflowed(port: Port): void;
  fail(error: unknown): void;
  /** Whether frames come in the time of a source that cannot wait. `seen` are those that were asked: links may circle. */
  isPaced(seen: Set<PortOwner>): boolean;
}

/** What an input asks of the links that lead to it. */
export interface ArrivingLink {
  /** Nothing more will be sent. */
  readonly ending: boolean;
  isPaced(seen: Set<PortOwner>): boolean;
}

/** What an output asks of the links that lead away from it. */
export interface LeavingLink {
  offer(frame: Frame): void;
  end(): void;
}

/** Collects what an interruption cut. */
export interface InterruptReceipt {
  dropped(micros: number): void;
  heard(micros: number): void;
  wait(work: Promise<unknown>): void;
}

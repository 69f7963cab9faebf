// Where frames enter and leave an actor, and what waits there. Of links and actors only what the contract says.

import { SluiceError } from '../../errors.ts';
import { cloneFrame, closeFrame, type Frame } from '../../media/frame.ts';
import type { MediaFormat } from '../../media/media-format.ts';
import type { VideoFrame } from '../../media/video-frame.ts';
import type { LeavingLink, PortOwner } from '../contract.ts';
import { Backlog } from './backlog.ts';
import type { DeclaredPort } from './declared-port.ts';
import type { Departures } from './departures.ts';

/**
 * Where frames leave an actor. Several links are a branch: each gets a handle of its own on the frame. What is emitted
 * while a link that holds its sender back is full waits here, in order, and the actor with it.
 */
export class OutPort<A extends PortOwner, L extends LeavingLink> {
  readonly actor: A;
  readonly name: string;
  /** Replaced, never changed: a frame on its way to the branches must not see it move. */
  links: readonly L[] = [];
  format: MediaFormat | undefined;
  /** What the node says of it. */
  declared: DeclaredPort | undefined;
  /** Notes when frames leave, while somebody asks how old they are further on. */
  departures: Departures | undefined;
  readonly #backlog = new Backlog();
  /** Links that are full, and one more while frames wait here. */
  #full = 0;
  #waits = false;
  #draining = false;
  #endWaits = false;
  #ended = false;

  constructor(actor: A, name: string) {
    this.actor = actor;
    this.name = name;
  }

  get id(): string {
    return `${this.actor.id}.${this.name}`;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Whether the next frame would have to wait. */
  get crowded(): boolean {
    return this.#full > 0;
  }

  /** Frames that wait for room, and those of them that were emitted without asking for it. */
  get waiting(): number {
    return this.#backlog.size;
  }

  get unasked(): number {
    return this.#backlog.unasked;
  }

  /** Whether as many wait as may. */
  get overfull(): boolean {
    return this.#backlog.full;
  }

  /** Sends a frame to every link. Without a link it is closed. `done` is called when it has left, if it had to wait. */
  emit(frame: Frame, done?: () => void): void {
    const { actor } = this;
    actor.framesOut++;
    if (!frame?.epoch) this.#stamp(frame);
    if (this.departures !== undefined) this.departures.see(frame);
    if (frame.kind === 'video') (frame as Partial<VideoFrame>).claim?.(actor.id);
    if (this.#full > 0) return this.#wait(frame, done);
    const { links } = this;
    if (links.length === 1) links[0]!.offer(frame);
    else this.#deliver(frame);
  }

  /** A link that holds its sender back is full. */
  block(): void {
    this.#full++;
    this.actor.block();
  }

  unblock(): void {
    this.#full--;
    if (this.#waits) this.#drain();
    this.actor.unblock();
  }

  /** Drops what waits from before `epoch`, as `Link.clear` does. */
  clear(epoch: number, lost: (frame: Frame) => void): number {
    let dropped = 0;
    for (let left = this.#backlog.size; left > 0; left--) {
      const { frame, done } = this.#backlog.shift();
      if ((frame.epoch ?? epoch) < epoch) {
        dropped += frame.duration ?? 0;
        lost(frame);
        closeFrame(frame);
        done?.();
      } else this.#backlog.push(frame, done);
    }
    if (this.#waits) this.#drain();
    return dropped;
  }

  /** The end of the stream, in order behind what waits. */
  end(): void {
    if (this.#ended) return;
    this.#endWaits = this.#backlog.size > 0;
    if (this.#endWaits) return;
    this.#ended = true;
    for (const link of this.links) link.end();
  }

  #deliver(frame: Frame): void {
    const { links } = this;
    const last = links.length - 1;
    if (last < 0) return closeFrame(frame);
    for (let i = 0; i < last; i++) links[i]!.offer(cloneFrame(frame));
    links[last]!.offer(frame);
  }

  #wait(frame: Frame, done: (() => void) | undefined): void {
    if (this.#backlog.full) {
      closeFrame(frame);
      done?.();
      return this.actor.overflowed(this);
    }
    this.#backlog.push(frame, done);
    if (this.#waits) return;
    this.#waits = true;
    this.block();
  }

  #drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    // One of those that are full is the backlog itself.
    while (this.#full === 1 && this.#backlog.size > 0) {
      const { frame, done } = this.#backlog.shift();
      this.#deliver(frame);
      done?.();
    }
    this.#draining = false;
    if (this.#backlog.size > 0) return;
    this.#waits = false;
    this.#full--;
    if (this.#endWaits) this.end();
    this.actor.unblock();
  }

  /** What enters the graph here gets its epoch; anything may come out of a plain Observable. */
  #stamp(frame: Frame): void {
    if (typeof frame !== 'object' || frame === null || !Object.isExtensible(frame))
      throw new SluiceError('SLUICE_FRAME_SHAPE', `${this.actor.describe()} emitted something that is not a frame`, {
        expected: 'an object with a kind, not frozen',
        received: frame,
        fix: 'Emit frames only; copy a frozen one first',
        nodeId: this.actor.id,
      });
    frame.epoch = this.actor.epoch;
  }
}

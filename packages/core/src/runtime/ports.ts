import { SluiceError } from '../errors.ts';
import { cloneFrame, closeFrame, type Frame } from '../frame.ts';
import type { MediaConstraint, MediaFormat } from '../media-format.ts';
import type { VideoFrame } from '../video-frame.ts';
import type { Actor } from './actor.ts';
import type { Link } from './link.ts';

/** Where frames enter an actor. Any number of links may lead to it. */
export class InPort {
  readonly actor: Actor;
  readonly name: string;
  readonly constraint: MediaConstraint | undefined;
  /** Those given to `input(name, options)`; undefined for a declared input. */
  readonly options: Readonly<Record<string, unknown>> | undefined;
  links: readonly Link[] = [];
  /** The format of what comes next, as far as it is known. */
  format: MediaFormat | undefined;
  /** False while the actor has room in general but not for this port. */
  open = true;
  /** True once every link of it has ended. */
  ended = false;

  constructor(actor: Actor, name: string, constraint: MediaConstraint | undefined, options?: InPort['options']) {
    this.actor = actor;
    this.name = name;
    this.constraint = constraint;
    this.options = options;
  }

  /** Whether the links must look at each frame's format. */
  get watchesFormat(): boolean {
    const kind = this.constraint?.kind;
    return kind === 'audio' || kind === 'video' || this.actor.wantsFormats;
  }

  get id(): string {
    return `${this.actor.id}.${this.name}`;
  }

  /** Whether nothing more comes from the links that lead to it now. */
  get over(): boolean {
    return this.links.every((link) => link.ending);
  }

  /** Whether frames come in the time of a source that cannot wait. */
  isPaced(seen?: Set<Actor>): boolean {
    return this.links.some(({ from }) => from.actor.isPaced(seen));
  }

  formatChanged(format: MediaFormat): void {
    this.actor.formatChanged(this, format);
  }
}

/** Where frames leave an actor. Several links are a branch: each gets a handle of its own on the frame. */
export class OutPort {
  readonly actor: Actor;
  readonly name: string;
  /** Replaced, never changed: a frame on its way to the branches must not see it move. */
  links: readonly Link[] = [];
  format: MediaFormat | undefined;
  #ended = false;

  constructor(actor: Actor, name: string) {
    this.actor = actor;
    this.name = name;
  }

  get id(): string {
    return `${this.actor.id}.${this.name}`;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Sends a frame to every link. Without a link it is closed. */
  emit(frame: Frame): void {
    const { actor, links } = this;
    actor.framesOut++;
    if (!frame?.epoch) this.#stamp(frame);
    if (frame.kind === 'video') (frame as Partial<VideoFrame>).claim?.(actor.id);
    const last = links.length - 1;
    if (last < 0) return closeFrame(frame);
    for (let i = 0; i < last; i++) links[i]!.offer(cloneFrame(frame));
    links[last]!.offer(frame);
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

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const link of this.links) link.end();
  }
}

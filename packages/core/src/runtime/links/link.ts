// The bounded way between two ports: queue, policy, converter. No kind of actor.

import { SluiceError } from '../../errors.ts';
import { closeFrame, type Frame } from '../../media/frame.ts';
import { type Gap, type GapReason, joinGaps } from '../../media/gap.ts';
import { type MediaConstraint, type MediaFormat, sameFormat } from '../../media/media-format.ts';
import { describeCapacity, type ResolvedLinkOptions } from '../../node/link-options.ts';
import type { Histogram } from '../../time/histogram.ts';
import { Moments } from '../../time/moments.ts';
import type { Micros } from '../../time/units.ts';
import type { ArrivingLink, LeavingLink, PortOwner } from '../contract.ts';
import { FormatWatch } from '../ports/format-watch.ts';
import type { InPort } from '../ports/in-port.ts';
import type { OutPort } from '../ports/out-port.ts';
import type { CutMedia } from './cut-media.ts';
import type { LinkConverter } from './link-converter.ts';
import { LinkQueue } from './link-queue.ts';

/** Finds out what a frame of a new format needs on its way. Returns the converter, or undefined if it may pass. */
export type Adapt<A extends PortOwner> = (link: Link<A>, format: MediaFormat) => LinkConverter | undefined;

/**
 * The bounded, typed way from one port to another. While the receiver is idle a frame passes straight through; otherwise
 * it waits here, and what does not fit meets the policy.
 */
export class Link<A extends PortOwner> implements ArrivingLink, LeavingLink {
  readonly id: string;
  readonly from: OutPort<A, Link<A>>;
  readonly to: InPort<A, Link<A>>;
  readonly options: ResolvedLinkOptions;
  readonly #target: A;
  readonly #queue: LinkQueue;
  #full = false;
  #ending = false;
  #flushing = false;
  #pendingGap: Gap | undefined;
  /** What an interruption cut here, for who has to be told. */
  cut: CutMedia | undefined;
  /** Frames that were handed to the receiver. */
  frames = 0;
  droppedFrames = 0;
  droppedMicros = 0;
  /** When it dropped. */
  readonly dropped = new Moments();
  /** Since when it has not become half empty after it was full, by the graph's clock; undefined if it has. */
  fullSince: number | undefined;
  closed = false;
  /**
   * The link to the same input whose place this one takes in the middle of a stream: what still comes on that one goes
   * first. A conversion goes on with what it knows of the sound so far, if the format stays.
   */
  former: Link<A> | undefined;
  successor: Link<A> | undefined;
  format: MediaFormat | undefined;
  converter: LinkConverter | undefined;
  /** Sees each frame right before the receiver gets it, while somebody looks. */
  tap: ((frame: Frame) => void) | undefined;
  readonly #checks: boolean;
  readonly #adapt: Adapt<A>;
  readonly #formats = new FormatWatch();

  constructor(
    id: string,
    from: OutPort<A, Link<A>>,
    to: InPort<A, Link<A>>,
    options: ResolvedLinkOptions,
    adapt: Adapt<A>,
  ) {
    this.id = id;
    this.from = from;
    this.to = to;
    this.options = options;
    this.#target = to.actor;
    this.#queue = new LinkQueue(options);
    this.#adapt = adapt;
    this.#checks = to.watchesFormat;
  }

  get depth(): number {
    return this.#queue.size;
  }

  get depthMicros(): number {
    return this.#queue.micros;
  }

  /** Memory of the media that waits. */
  get depthBytes(): number {
    return this.#queue.bytes;
  }

  get maxDepth(): number {
    return this.#queue.maxSize;
  }

  /** Time frames waited, in microseconds; a sample of them. */
  get wait(): Histogram {
    return this.#queue.wait;
  }

  get full(): boolean {
    return this.#full;
  }

  get constraint(): MediaConstraint | undefined {
    return this.to.constraint;
  }

  get ending(): boolean {
    return this.#ending || this.closed;
  }

  /** Everything was sent and nothing waits. */
  get drained(): boolean {
    return this.#ending && this.#queue.size === 0;
  }

  /** Nothing passes any more. */
  get over(): boolean {
    return this.closed || this.drained;
  }

  isPaced(seen: Set<PortOwner>): boolean {
    return this.from.actor.isPaced(seen);
  }

  /** The format agreed before the start, so that the first frame costs no look. */
  agree(format: MediaFormat, converter: LinkConverter | undefined): void {
    this.format = format;
    this.converter = converter;
    this.#formats.agree(format);
  }

  /** Takes a frame over: delivers it, queues it or drops it by the policy. */
  offer(frame: Frame): void {
    if (this.closed) return closeFrame(frame);
    if (this.#checks) {
      const format = this.#formats.changed(frame);
      if (format !== undefined && !this.#reformat(frame, format)) return;
    }
    if (this.converter === undefined) this.accept(frame);
    else this.converter.push(frame, this);
  }

  /** A frame in the receiver's format. */
  accept(frame: Frame): void {
    if (this.#pendingGap !== undefined || this.cut !== undefined) this.#leaveGap(frame);
    if (this.former?.over === true) this.former = undefined;
    if (this.#queue.size === 0 && this.#target.idle && this.to.open && this.former === undefined) {
      this.frames++;
      if (this.tap !== undefined) this.tap(frame);
      this.#target.receive(this.to, frame);
    } else this.#enqueue(frame);
  }

  /** Takes the oldest waiting frame. */
  take(): Frame | undefined {
    if (this.former !== undefined) {
      if (!this.former.over) return undefined;
      this.former = undefined;
    }
    const frame = this.#queue.take();
    if (frame === undefined) return undefined;
    this.frames++;
    if (this.tap !== undefined) this.tap(frame);
    this.#roomMade();
    return frame;
  }

  /** The end of the stream, in order behind what waits. */
  end(): void {
    if (this.#ending || this.closed) return;
    this.#flushing = true;
    if (this.successor?.inherits(this) !== true) this.converter?.flush(this);
    this.#flushing = false;
    this.#ending = true;
    this.#target.wake();
    // Nothing more comes from the sender here: what waits must not keep it from its other receivers.
    if (this.#full && this.options.policy === 'block') {
      this.#full = false;
      this.from.unblock();
    }
  }

  /** Frees a sender that waits, drops what waits. Nothing passes any more. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.clear();
    this.converter?.close();
  }

  /**
   * Drops waiting items older than `epoch`; all of them without one. Returns the media dropped, in microseconds. `lost` sees
   * each before it is closed.
   */
  clear(epoch = Number.POSITIVE_INFINITY, lost?: (frame: Frame) => void): number {
    let dropped = 0;
    for (let left = this.#queue.size; left > 0; left--) {
      const frame = this.#queue.shift();
      // Room that was made may have let the receiver take the rest.
      if (frame === undefined) break;
      if ((frame.epoch ?? epoch) < epoch) {
        dropped += frame.duration ?? 0;
        this.#roomMade();
        lost?.(frame);
        closeFrame(frame);
      } else this.#queue.putBack(frame);
    }
    this.#queue.timeNone();
    if (Number.isFinite(epoch)) this.converter?.reset();
    return dropped;
  }

  /** Media that the receiver lost while it could not take it. */
  lose(frame: Frame, reason: GapReason): void {
    this.#pendingGap = joinGaps(this.#pendingGap, this.#loss(frame, reason));
  }

  /** Takes over the conversion of the former link, unless it has begun one of its own. */
  inherits(former: Link<A>): boolean {
    const { format, converter } = former;
    if (converter === undefined || format === undefined) return false;
    if (this.#queue.used || (this.format !== undefined && !sameFormat(this.format, format))) return false;
    this.converter?.close();
    former.converter = undefined;
    this.agree(format, converter);
    return true;
  }

  #enqueue(frame: Frame): void {
    const { policy } = this.options;
    // The tail of a conversion belongs to what was taken: it is let in, and nothing is dropped for it.
    if (this.#full && policy !== 'block' && !this.#flushing) {
      if (policy === 'error') return this.#refuse(frame);
      if (policy === 'drop-newest') return this.lose(frame, this.#lossReason());
      this.#dropUntilRoom(policy === 'latest');
      this.#leaveGap(frame);
    }
    this.#queue.push(frame);
    if (!this.#full && !this.#ending && this.#queue.full) {
      this.#full = true;
      this.fullSince ??= this.#target.now();
      if (policy === 'block') this.from.block();
    }
    this.#target.wake();
  }

  /** A frame has left the queue. */
  #roomMade(): void {
    if (this.fullSince !== undefined && this.#queue.halfEmpty) this.fullSince = undefined;
    if (this.#full && !this.#queue.full) {
      this.#full = false;
      if (this.options.policy === 'block') this.from.unblock();
    }
  }

  #dropUntilRoom(all: boolean): void {
    let gap: Gap | undefined;
    while (this.#queue.size > 0 && (all || this.#queue.full)) {
      const oldest = this.#queue.shift()!;
      this.#roomMade();
      gap = joinGaps(gap, this.#loss(oldest, this.#lossReason()));
    }
    const next = this.#queue.peek();
    if (next === undefined) this.#pendingGap = joinGaps(gap, this.#pendingGap);
    else next.gap = joinGaps(gap, next.gap);
  }

  /** Counts a frame as lost and closes it. Returns the gap that it leaves, with the one before it. */
  #loss(frame: Frame, reason: GapReason): Gap | undefined {
    // A frame of a format that cannot be has no duration either.
    const duration = Number.isFinite(frame.duration) ? frame.duration! : (0 as Micros);
    this.droppedFrames++;
    this.droppedMicros += duration;
    this.dropped.mark(this.#target.now());
    const gap = joinGaps(frame.gap, { duration, reason });
    closeFrame(frame);
    return gap;
  }

  #leaveGap(frame: Frame): void {
    const missing = joinGaps(this.cut?.gapBefore(frame, this.#pendingGap), this.#pendingGap);
    frame.gap = joinGaps(missing, frame.gap);
    this.#pendingGap = this.cut = undefined;
  }

  #lossReason(): GapReason {
    return this.#target.state === 'down' ? 'crash' : 'overflow';
  }

  /** Whether a frame of a new format may go on: it is taken, or there is a converter for it. */
  #reformat(frame: Frame, format: MediaFormat): boolean {
    const former = this.converter;
    this.converter = undefined;
    try {
      this.format = format;
      const next = this.#adapt(this, format);
      if (former !== undefined && next?.follow?.(former) !== true) {
        former.flush(this);
        former.close();
      }
      this.converter = next;
      this.#formats.agree(format);
      this.to.formatChanged(this.converter?.output ?? format);
      // Who cannot take the new format may have failed, and the whole graph with it.
      if (this.closed) closeFrame(frame);
      return !this.closed;
    } catch (error) {
      this.#formats.forget();
      former?.flush(this);
      this.lose(frame, 'crash');
      this.#target.fail(error);
      return false;
    }
  }

  #refuse(frame: Frame): void {
    closeFrame(frame);
    this.#target.fail(
      new SluiceError('SLUICE_LINK_OVERFLOW', `link ${this.id} is full`, {
        expected: `at most ${describeCapacity(this.options)}`,
        fix: `Make ${this.#target.id} faster, raise the capacity, or choose another policy than error`,
        timestamp: frame.timestamp,
      }),
    );
  }
}

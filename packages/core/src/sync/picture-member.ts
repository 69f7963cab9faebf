import { SluiceError } from '../errors.ts';
import { cloneFrame, closeFrame, type Frame } from '../media/frame.ts';
import { type Gap, type GapReason, joinGaps } from '../media/gap.ts';
import type { ActorContext } from '../operators/actor-context.ts';
import { CreditContext } from '../operators/credit-context.ts';
import type { Sink } from '../operators/sink.ts';
import type { Micros } from '../time/units.ts';
import { EARLY_US, type MemberOptions, SyncMember } from './sync-member.ts';
import type { SyncTimeline } from './sync-timeline.ts';

export interface PictureOptions extends Required<MemberOptions> {
  /** The last picture is shown again whenever the timeline has gone on this far. */
  readonly repeatMs: number;
}

/** How long a picture is taken to last that says nothing of it and has no neighbours, in microseconds. */
const UNKNOWN_PERIOD_US = 40_000;
/** A follower whose pictures have all been late for this long says so. In milliseconds. */
const LATE_REPORT_MS = 1_000;
/** While all are late, one is shown at least this often: an old picture is better than one that stands. In milliseconds. */
const LONGEST_FREEZE_MS = 500;

/**
 * A sink whose frames are handed on when the timeline reaches them. Of pictures that are due together only the newest is
 * shown, and one that is late by more than its own length is dropped, unless nothing would be shown for half a second.
 * Everything else is handed on in order, however late.
 */
export class PictureMember<F extends Frame, R> extends SyncMember<F, R> {
  readonly #repeat: number;
  readonly #maxHeld: number;
  #credit: CreditContext | undefined;
  #cancelWait = () => {};
  #serving = false;
  /** What was dropped since the last picture. */
  #gap: Gap | undefined;
  /** Where on the timeline the last picture stands. */
  #last = Number.NEGATIVE_INFINITY;
  #lastTimestamp = Number.NEGATIVE_INFINITY;
  #period = UNKNOWN_PERIOD_US;
  /** The last picture, if it may be shown again. */
  #kept: F | undefined;
  #keptDue = 0;
  #lateSince: number | undefined;
  /** Where the newest picture that was shown stands; `#last` may be one that was shown again. */
  #newest = Number.NEGATIVE_INFINITY;
  /** Clock times in milliseconds: of the last new picture, of the last one that came late, and how far apart these are. */
  #shownAt = 0;
  #lateAt = 0;
  #lateEvery = 0;

  constructor(timeline: SyncTimeline, sink: Sink<F, R>, options: PictureOptions) {
    super(timeline, sink, options);
    this.#repeat = options.repeatMs * 1000;
    this.#maxHeld = options.maxHeld;
  }

  serve(position: number): number {
    // Letting go of a frame may bring the next one, which belongs behind those that are being looked at.
    if (this.#serving) return Number.POSITIVE_INFINITY;
    this.#serving = true;
    const next = this.#serveQueue(position);
    this.#serving = false;
    this.completeIfDone();
    return Math.min(next, this.#showAgain(position));
  }

  override restart(): void {
    super.restart();
    this.#last = Number.NEGATIVE_INFINITY;
    this.#lastTimestamp = Number.NEGATIVE_INFINITY;
    this.#lateSince = undefined;
    this.#newest = Number.NEGATIVE_INFINITY;
  }

  protected override contextOfSink(context: ActorContext): ActorContext {
    this.#credit = new CreditContext(context, { limit: 1, ignoreRoom: true, paced: true });
    return this.#credit;
  }

  protected override forget(): void {
    if (this.#kept !== undefined) closeFrame(this.#kept);
    this.#kept = undefined;
    this.#gap = undefined;
    this.#cancelWait();
  }

  /** A source that cannot be held back keeps sending: the oldest picture makes room. */
  protected override queueGrew(): void {
    const oldest = this.queue[0]!;
    if (this.queue.length <= this.#maxHeld || oldest.frame.kind !== 'video') return;
    this.queue.shift();
    this.#drop(oldest.frame, 'overflow');
    oldest.release();
  }

  #serveQueue(position: number): number {
    for (let head = this.queue[0]; head !== undefined && this.#sinkHasRoom(); head = this.queue[0]) {
      const { frame, release } = head;
      const due = this.due(head);
      if (due - position > EARLY_US) return due;
      this.queue.shift();
      if (frame.kind !== 'video' || !this.#isPast(frame, due, position)) {
        this.#lateSince = undefined;
        this.#show(frame, due, position);
      } else this.#showOrDrop(frame, due, position);
      release();
    }
    return Number.POSITIVE_INFINITY;
  }

  /** A sink that still writes the last frame is not given another: a newer one may come meanwhile. */
  #sinkHasRoom(): boolean {
    if (this.#credit === undefined || this.#credit.hasRoom) return true;
    this.#cancelWait();
    this.#cancelWait = this.#credit.whenRoom(() => this.timeline.changed());
    return false;
  }

  /** Whether the picture is not to be shown: a newer one is due as well or was shown, or its own time is over. */
  #isPast(frame: F, due: number, position: number): boolean {
    const next = this.queue[0];
    this.#period = this.#periodOf(frame, next?.frame);
    this.#lastTimestamp = frame.timestamp;
    const replaced = next !== undefined && this.due(next) >= due && this.due(next) - position <= EARLY_US;
    return replaced || position - due > this.#period || (due < this.#last && this.#last <= position);
  }

  /** What is late: so many come too late for so long that one must be shown, or it is dropped. */
  #showOrDrop(frame: F, due: number, position: number): void {
    const { now } = this.timeline;
    this.#reportLate(frame, position - due);
    if (now > this.#lateAt) this.#lateEvery = now - Math.max(this.#lateAt, this.#shownAt);
    this.#lateAt = now;
    // The next one will be too late for the promise.
    const frozen = now - this.#shownAt + this.#lateEvery > LONGEST_FREEZE_MS;
    const replaced = this.queue.length > 0 && this.due(this.queue[0]!) - position <= EARLY_US;
    if (!frozen || replaced || due <= this.#newest) return this.#drop(frame, 'starved');
    // It takes the place of one that was shown again meanwhile.
    const place = Math.max(due, this.#last);
    const timestamp = (frame.timestamp + place - due) as Micros;
    this.#show(place === due ? frame : (frame as F & Retimed<F>).move({ timestamp }), place, position);
    this.#newest = due;
  }

  #periodOf(frame: F, next: F | undefined): number {
    if (next !== undefined && next.timestamp > frame.timestamp) return next.timestamp - frame.timestamp;
    if (frame.duration !== undefined && frame.duration > 0) return frame.duration;
    const sinceLast = frame.timestamp - this.#lastTimestamp;
    return sinceLast > 0 && sinceLast < Number.POSITIVE_INFINITY ? sinceLast : this.#period;
  }

  #show(frame: F, due: number, position: number): void {
    this.recordSkew(due - position);
    this.#last = due;
    this.#newest = due;
    this.#shownAt = this.timeline.now;
    if (this.#gap !== undefined) frame.gap = joinGaps(this.#gap, frame.gap);
    this.#gap = undefined;
    if (this.#repeat < Number.POSITIVE_INFINITY && frame.kind === 'video') this.#keep(frame);
    this.shown++;
    this.give(frame);
  }

  #keep(frame: F): void {
    if (this.#kept !== undefined) closeFrame(this.#kept);
    this.#kept = cloneFrame(frame);
    this.#keptDue = this.#last;
  }

  #drop(frame: F, reason: GapReason): void {
    this.dropped++;
    this.#gap = joinGaps(this.#gap, joinGaps(frame.gap, { duration: this.#period as Micros, reason }));
    closeFrame(frame);
  }

  #reportLate({ timestamp }: F, lateMicros: number): void {
    const { now } = this.timeline;
    this.#lateSince ??= now;
    if (now - this.#lateSince < LATE_REPORT_MS) return;
    this.#lateSince = Number.POSITIVE_INFINITY;
    this.report(allLate(this.name, timestamp, lateMicros));
  }

  /** Shows the last picture again for each `repeatMs` that has passed since. Returns when the next one is due. */
  #showAgain(position: number): number {
    if (this.ended && this.queue.length === 0) this.forget();
    while (this.#kept !== undefined && this.#last + this.#repeat <= position + EARLY_US && this.#sinkHasRoom()) {
      this.#last += this.#repeat;
      this.repeated++;
      const timestamp = (this.#kept.timestamp + this.#last - this.#keptDue) as Micros;
      this.give((this.#kept as F & Retimed<F>).derive({ timestamp, gap: undefined }));
    }
    return this.#kept === undefined ? Number.POSITIVE_INFINITY : this.#last + this.#repeat;
  }
}

/** What every frame of the kind `video` can do. */
interface Retimed<F> {
  derive(change: { readonly timestamp: Micros; readonly gap: undefined }): F;
  move(change: { readonly timestamp: Micros }): F;
}

function allLate(name: string, timestamp: number, lateMicros: number): SluiceError {
  return new SluiceError(
    'SLUICE_SYNC_LATE',
    `all pictures of ${name} come too late for a second: one each ${LONGEST_FREEZE_MS} ms is shown`,
    {
      expected: 'pictures that come before the timeline reaches them',
      received: `one that is ${Math.round(lateMicros / 1000)} ms late`,
      fix: 'Make what stands before it faster, or follow with an offsetMs of as much',
      nodeId: name,
      timestamp,
    },
  );
}

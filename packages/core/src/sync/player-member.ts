import { closeFrame, type Frame } from '../media/frame.ts';
import { NODE } from '../operators/node-spec.ts';
import { PlayedSpans } from './played-spans.ts';
import { EARLY_US, SyncMember, type Waiting } from './sync-member.ts';
import type { TimelinePlayer } from './sync-timeline.ts';

/** A player that is further off than this is put right, in microseconds. */
const MOST_OFF_US = 40_000;
/** How soon to look again at a player that is ahead: it stops only when it has played what it has. In microseconds. */
const LOOK_AGAIN_US = 20_000;

/**
 * A sink that plays by itself, at the speed of its device. After the common start it is given its frames as they come;
 * for the master that is all. One that follows is put right when it is more than 40 ms off: frames are dropped until it
 * is no longer late, or kept until it is no longer early.
 */
export class PlayerMember<F extends Frame, R> extends SyncMember<F, R> implements TimelinePlayer {
  isMaster = false;
  #started = false;
  /** It is being put right, or starts. */
  #mending = true;
  readonly #given = new PlayedSpans();

  get position(): number | undefined {
    const position = this[NODE].position?.();
    return position === undefined
      ? undefined
      : position + this.#given.reach(position) + (this.shift ?? 0) + this.offset;
  }

  serve(position: number): number {
    for (let head = this.queue[0]; head !== undefined; head = this.queue[0]) {
      const { frame, release } = head;
      const early = this.#early(head, position);
      if (early > EARLY_US) return position + Math.min(early, LOOK_AGAIN_US);
      this.queue.shift();
      if (early < -(frame.duration ?? 0) / 2) {
        this.dropped++;
        closeFrame(frame);
      } else this.#play(head, position);
      release();
    }
    this.completeIfDone();
    return Number.POSITIVE_INFINITY;
  }

  override restart(): void {
    super.restart();
    this.#started = false;
    this.#mending = true;
    this.#given.clear();
  }

  /** How much too early the frame would be played if it were given to the sink now; 0 if that is not to be mended. */
  #early(waiting: Waiting<F>, position: number): number {
    const leads = this.timeline.master === this;
    if (leads) return this.#started ? 0 : Math.max(0, this.due(waiting) - position);
    const own = this.position;
    // Its device fills up or is being connected: what it was given has not begun to play.
    if (this.#started && own === undefined) return 0;
    const early = this.due(waiting) - position - (own === undefined ? 0 : this.#given.left);
    this.#mending ||= Math.abs(early) > MOST_OFF_US;
    return this.#mending ? early : 0;
  }

  #play({ frame, lap }: Waiting<F>, position: number): void {
    const own = this.timeline.master === this ? undefined : this.position;
    if (own !== undefined) this.recordSkew(own - position);
    this.#given.add(frame.timestamp, frame.duration ?? 0, lap);
    this.#mending = false;
    this.shown++;
    if (!this.#started) {
      this.#started = true;
      this.timeline.begun(this);
    }
    this.give(frame);
  }
}

import type { Cancel, Clock } from '@sluice/core';
import { TokenBucket } from '@sluice/protocol';
import type { DataChannel, PeerConnection } from './wrtc.ts';

/** How often each side says that it is there, in milliseconds: a fifth of the messages may be lost for hours. */
const BEAT_MS = 200;
/** How often while the far side says that it hears media, which tells as much: `send` waits for another thread. Milliseconds. */
const SPARED_BEAT_MS = 600;
/** How often while media is heard on both sides, and there is nothing new to say. */
const RARE_BEAT_MS = 2_000;
/** A beat, and one that says that media came within `MEDIA_MS`. Who does not know the latter takes it for the former. */
const BEAT = '.';
const BEAT_WITH_MEDIA = '+';
const MEDIA_MS = 500;
/** Who is not heard of for longer is gone, in milliseconds. */
const GONE_MS = 1_400;
/** Who closed is gone after this time, in milliseconds: most say goodbye, which takes another way and comes first or soon. */
const CLOSED_MS = 1_000;
/** So long may media that was received before the far side closed still be played, in milliseconds. */
const PLAYED_LATER_MS = 500;
/** Beats that are taken: an event loop that stood still has many to read. */
const BEATS = { perSecond: 20, burst: 200 } as const;
/** The longest beat, in characters or bytes: newer ones may say more. The engine carries messages of a quarter of a megabyte. */
const LONGEST_BEAT = 64;
/** A timer that is later than this was held up by a blocked event loop. */
const STALL_MS = 300;

/**
 * Notices that the far side of a connection is gone, where the engine needs 8 to 18 s and tells no event: by a data channel
 * that ends with the far side's connection, and by what both sides say over it, or send anyway, for a process that was
 * killed. A far side that does not take part in this is only known to have closed.
 */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  readonly #channel: DataChannel;
  #open = false;
  /** When the far side was heard of; undefined until it has said something. */
  #heardAt: number | undefined;
  #closedAt = Number.NEGATIVE_INFINITY;
  #mediaAt = Number.NEGATIVE_INFINITY;
  #saidAt = Number.NEGATIVE_INFINITY;
  #said: string | undefined;
  /** Whether the far side hears media of here. */
  #spared = false;
  #gone = false;
  #cancelBeat: Cancel = () => {};
  #cancelCheck: Cancel = () => {};

  constructor(pc: PeerConnection, clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#channel = pc.createDataChannel('heartbeat', { negotiated: true, id: 0, ordered: false, maxRetransmits: 0 });
    this.#channel.onopen = () => {
      this.#open = true;
      this.#beat();
    };
    const beats = new TokenBucket({ clock, ...BEATS });
    this.#channel.onmessage = ({ data }) => {
      if (lengthOf(data) > LONGEST_BEAT || !beats.tryTake()) return this.#refuse();
      const first = this.#heardAt === undefined;
      this.#heardAt = clock.now();
      this.alive();
      if (first) this.#check();
      this.#spare(data === BEAT_WITH_MEDIA);
    };
    this.#channel.onclose = () => {
      this.#cancelBeat();
      // Else the far side wants no channel.
      if (!this.#open) return;
      this.#closedAt = clock.now();
      this.#heardAt = this.#closedAt - GONE_MS + CLOSED_MS;
      this.#cancelCheck();
      this.#check();
    };
  }

  /** The far side is gone. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Media arrived from the far side, at that time: it is counted later, and who is gone would be missed later by that much. */
  media(at: number): void {
    this.#mediaAt = this.#clock.now();
    this.alive(at);
  }

  /** The far side is there, or was then. */
  alive(at = this.#clock.now()): void {
    if (this.#clock.now() - this.#closedAt < PLAYED_LATER_MS) return;
    if (this.#heardAt !== undefined) this.#heardAt = Math.max(this.#heardAt, at);
    this.#tell(false);
  }

  close(): void {
    this.#channel.onopen = null;
    this.#channel.onmessage = null;
    this.#channel.onclose = null;
    this.#cancelBeat();
    this.#cancelCheck();
  }

  /** Each message of a flood costs this process some: the channel is closed, and the far side is known by its media alone. */
  #refuse(): void {
    this.#channel.onmessage = null;
    this.#channel.close();
  }

  /** Looks as often as it may have to say something, and says it when it has. */
  #beat = (): void => {
    const now = this.#clock.now();
    const beat = now - this.#mediaAt < MEDIA_MS ? BEAT_WITH_MEDIA : BEAT;
    if (beat !== this.#said || now - this.#saidAt >= this.#pauseAt(now)) {
      try {
        // Its `readyState` is not asked for: that waits for another thread as well.
        this.#channel.send(beat);
      } catch {
        // It closed in the engine, which tells `onclose` only in the next turn of the loop.
        return;
      }
      this.#said = beat;
      this.#saidAt = now;
    }
    this.#cancelBeat();
    this.#cancelBeat = this.#clock.at(now + BEAT_MS, this.#beat);
  };

  /** How long what was said last is enough. That media has ended is said again until this side would be missed for it. */
  #pauseAt(now: number): number {
    if (!this.#spared) return BEAT_MS;
    const quietMs = now - this.#mediaAt;
    if (quietMs < MEDIA_MS) return RARE_BEAT_MS;
    return quietMs < GONE_MS ? BEAT_MS : SPARED_BEAT_MS;
  }

  #spare(spared: boolean): void {
    const missed = this.#spared && !spared;
    this.#spared = spared;
    if (!missed) return;
    // Media no longer speaks for this side.
    this.#said = undefined;
    this.#beat();
  }

  #check = (): void => {
    const due = this.#heardAt! + GONE_MS;
    const isDue = this.#clock.now() >= due;
    if (isDue) this.#tell(true);
    this.#wake(isDue ? this.#clock.now() + BEAT_MS : due);
  };

  #wake(time: number): void {
    this.#cancelCheck = this.#clock.at(time, () => {
      // What came while the event loop was blocked is told after its timers: wait for it.
      if (this.#clock.now() > time + STALL_MS) this.#wake(this.#clock.now() + STALL_MS);
      else this.#check();
    });
  }

  #tell(gone: boolean): void {
    if (this.#gone === gone) return;
    this.#gone = gone;
    this.#onChange();
  }
}

function lengthOf(data: unknown): number {
  if (typeof data === 'string') return data.length;
  return data instanceof ArrayBuffer ? data.byteLength : 0;
}

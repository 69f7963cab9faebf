import type { Clock } from '@sluice/core';
import type { RtpReceiver } from './wrtc.ts';

/** Time that stands for a packet, in milliseconds. Of pictures many packets carry one, and one is enough to be alive. */
const PACKET_MS = 20;
/** After an outage the time since the packet before it is not taken for packets. */
const MOST_RECKONED = 25;

/**
 * Counts the packets of a receiver, of which the engine tells only when the newest one came. Asking it waits for another
 * thread of the engine, until that gets a core: whoever sees what was in the packets need not ask.
 */
export class PacketCount {
  readonly #receiver: RtpReceiver;
  readonly #clock: Clock;
  #newest = 0;
  /** Between the engine's clock and ours: the least that a packet was behind when it was counted, which is next to nothing in the end. */
  #behind = Number.POSITIVE_INFINITY;
  /** Media that was seen since the engine was asked, in milliseconds. */
  #seenMs = 0;
  #seenAt = Number.NEGATIVE_INFINITY;

  constructor(receiver: RtpReceiver, clock: Clock) {
    this.#receiver = receiver;
    this.#clock = clock;
  }

  /** When the newest packet was played that was counted, on our clock. */
  get newestAt(): number {
    return this.#newest === 0 ? this.#seenAt : Math.max(this.#seenAt, this.#newest + this.#behind);
  }

  /** Packets that were played since the last call, reckoned from the time of the newest one. */
  take(): number {
    const newest = this.#receiver.getSynchronizationSources()[0]?.timestamp ?? this.#newest;
    const elapsed = this.#newest === 0 ? PACKET_MS : newest - this.#newest;
    // The newest packet may have come before the last of it was seen.
    const counted = this.#seenMs === 0 ? 0 : this.#seenMs + PACKET_MS;
    this.#newest = newest;
    this.#seenMs = 0;
    if (newest !== 0) this.#behind = Math.min(this.#behind, this.#clock.now() - newest);
    return newest === 0 ? 0 : packetsOf(elapsed - counted);
  }

  /** The same, of so many milliseconds of sound that came since the last call. */
  seen(ms: number): number {
    this.#seenMs += ms;
    this.#seenAt = this.#clock.now();
    return packetsOf(ms);
  }
}

function packetsOf(ms: number): number {
  return Math.min(MOST_RECKONED, Math.max(0, Math.round(ms / PACKET_MS)));
}

import type { AudioFormat } from '../media/audio-format.ts';
import type { GlitchCounts } from '../media/glitches.ts';
import type { PlayoutReceipt } from './playout-receipt.ts';

/**
 * What a graph needs of a device that plays: a virtual microphone, the far end of a socket. It follows each write by a
 * receipt, which `WriteRecord` is the device's side of.
 */
export interface PlayoutDevice extends AudioFormat {
  /** How far a writer may be ahead, in milliseconds. */
  readonly capacityMs: number;
  /** Written media that was neither played nor dropped, in milliseconds. */
  readonly queuedDuration: number;
  /** What was wrong with its sound since it was made; absent for a device that does not count. */
  readonly glitches?: GlitchCounts;
  /** The sample that leaves now, on the line on which receipts start. */
  readonly playoutPosition: number;
  /** Plays samples, which stay the caller's: what is kept for later is copied. */
  write(samples: Int16Array): PlayoutReceipt;
  /** No more is coming for now. */
  flush(): void;
  /** Drops what waits and settles its receipts. Resolves with the milliseconds that were dropped. */
  clear(options: { readonly fadeMs: number }): Promise<number>;
  /** Falls silent and keeps what waits. Resolves when the last sample has left. */
  pause(options: { readonly fadeMs: number }): Promise<void>;
  /** Goes on after `pause` with the next sample, fading in as long as it faded out. */
  resume(): void;
}

/** What left the device, counted in samples. */
export interface PlayoutSummary {
  /** Media that was heard, in milliseconds. */
  readonly playedMs: number;
  /** Media that an interruption or the end of the device cut. */
  readonly droppedMs: number;
}

/** What a sink plays now. */
export interface PlayoutState {
  /** Whether its sound leaves the device or is on its way: in the device, on a link before it, in an operator. */
  readonly audible: boolean;
  /** Media that was not played yet, in the device and on the links before it, in milliseconds. */
  readonly queuedMs: number;
}

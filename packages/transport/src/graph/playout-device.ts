import type { AudioFormat } from '@sluice/core';
import type { PlayoutReceipt } from '../devices/audio/playout-receipt.ts';

/** What a graph needs of a device that plays. */
export interface PlayoutDevice extends AudioFormat {
  /** Whether a client sends it; absent where nobody knows. */
  readonly active?: boolean;
  /** How far a writer may be ahead, in milliseconds. */
  readonly capacityMs: number;
  readonly queuedDuration: number;
  /** How often it ran dry in the middle of something; absent for a device that does not count. */
  readonly counters?: { readonly underruns: number };
  /** The sample that leaves now, on the line on which receipts start. */
  readonly playoutPosition: number;
  write(samples: Int16Array): PlayoutReceipt;
  flush(): void;
  clear(options: { readonly fadeMs: number }): Promise<number>;
  pause(options: { readonly fadeMs: number }): Promise<void>;
  resume(): void;
}

/** What left the device, counted in samples. */
export interface PlayoutSummary {
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

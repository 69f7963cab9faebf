/** What a sink that plays knows of a sentence: `sink.utterance(id)` of a device's. */
export interface SpokenReceipt {
  /** The first sample has left the device; false: none ever will. */
  readonly started: Promise<boolean>;
  /** The last sample has left or was dropped. `playedMs`: what was heard, in milliseconds. */
  readonly finished: Promise<{ readonly playedMs: number; readonly interrupted: boolean }>;
  /** What the device took of it, played or lost. Without it what was lost counts as nothing. */
  readonly takenMs?: number;
  /** Calls when the sample `atMs` after its first has left, never if it was dropped. Without it words are counted by `playedMs`. */
  mark?(atMs: number, reached: () => void): unknown;
}

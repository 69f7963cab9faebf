/** What a sink that plays knows of a sentence: `sink.utterance(id)` of a device's. */
export interface SpokenReceipt {
  readonly started: Promise<boolean>;
  readonly finished: Promise<{ readonly playedMs: number; readonly interrupted: boolean }>;
  /** What the device took of it, played or lost. Without it what was lost counts as nothing. */
  readonly takenMs?: number;
  /** Calls when the sample `atMs` after its first has left, never if it was dropped. Without it words are counted by `playedMs`. */
  mark?(atMs: number, reached: () => void): unknown;
}

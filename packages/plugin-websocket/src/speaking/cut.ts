import type { Cancel, Clock } from '@sluice/core';
import type { Piece } from './outlet.ts';
import type { Playhead } from './playhead.ts';

/** A piece that was sent, and the mark behind it. */
export interface SentPiece extends Piece {
  readonly mark: string;
}

/** How long the far side may take to give marks back after a clear, in milliseconds: then time alone decides. */
const CLEAR_MS = 2_000;
/** A mark that comes sooner than its sound could have been played by more than this came because of the clear. */
const EARLY_MS = 10;

/**
 * What a clear cut off at the far side. It gives all marks back, those of what it still played before the clear reached it and
 * those of what it dropped: the former come in their time, the latter at once.
 */
export class Cut {
  /** Where playing stopped, in samples of the line. */
  readonly boundary: Promise<number>;
  readonly pieces: readonly SentPiece[];
  readonly #left: SentPiece[];
  readonly #playhead: Playhead;
  readonly #early: number;
  readonly #cancel: Cancel;
  #stoppedAt: number | undefined;
  #resolve!: (boundary: number) => void;

  constructor(pieces: readonly SentPiece[], playhead: Playhead, clock: Clock, sampleRate: number) {
    this.pieces = pieces;
    this.#left = [...pieces];
    this.#playhead = playhead;
    this.#early = (EARLY_MS * sampleRate) / 1_000;
    this.boundary = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#cancel = clock.at(clock.now() + CLEAR_MS, () => this.settle());
  }

  get settled(): boolean {
    return this.#left.length === 0;
  }

  /** A mark came back. False if it is none of these. */
  take(mark: string): boolean {
    const index = this.#left.findIndex((piece) => piece.mark === mark);
    if (index < 0) return false;
    const piece = this.#left[index]!;
    if (this.#stoppedAt === undefined && piece.to > this.#playhead.now + this.#early) this.#stop();
    this.#left.splice(0, index + 1);
    if (this.#left.length === 0) this.#finish(this.#stoppedAt ?? piece.to);
    return true;
  }

  /** No more marks will come. */
  settle(): void {
    if (this.settled) return;
    this.#stop();
    this.#left.length = 0;
    this.#finish(this.#stoppedAt!);
  }

  /** Within the first piece whose mark has not come in its time. */
  #stop(): void {
    const { from, to } = this.#left[0]!;
    this.#stoppedAt ??= Math.round(Math.min(to, Math.max(from, this.#playhead.now)));
  }

  #finish(boundary: number): void {
    this.#cancel();
    this.#resolve(boundary);
  }
}

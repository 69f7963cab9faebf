import { type Cancel, type PlayoutDevice, type PlayoutReceipt, sleep } from '@sluice/core';
import type { LineOptions } from './buffered-line.ts';
import { type Piece, pieceFrom, piecesOf } from './outlet.ts';
import { WriteLedger } from './write-ledger.ts';

/** Length of a message, and how often it is looked, in milliseconds. */
const PIECE_MS = 20;
/** How far the far side is kept ahead of its playing, in milliseconds. */
const AHEAD_MS = 60;

/** A far side that plays what it is sent as it comes: it is sent its media in time, and told nothing. */
export class PacedLine implements PlayoutDevice {
  readonly sampleRate: number;
  readonly channels: number;
  readonly capacityMs: number;
  readonly #options: LineOptions;
  readonly #ledger: WriteLedger;
  #waiting: Piece[] = [];
  #sent = 0;
  /** When all that was sent will have been played, on the clock. */
  #endsAt = Number.NEGATIVE_INFINITY;
  /** The media before it is over, however time goes on. */
  #floor = 0;
  #fadeIn = 0;
  #paused = false;
  #cancelTick: Cancel | undefined;
  #end: { readonly error: Error | undefined } | undefined;

  constructor(options: LineOptions) {
    const { form, capacityMs } = options;
    this.#options = options;
    this.sampleRate = form.sampleRate;
    this.channels = form.channels;
    this.capacityMs = capacityMs;
    this.#ledger = new WriteLedger(this.sampleRate, capacityMs);
  }

  get queuedDuration(): number {
    return ((this.#ledger.written - this.playoutPosition) * 1_000) / this.sampleRate;
  }

  get playoutPosition(): number {
    return Math.max(this.#floor, this.#sent - (this.#aheadMs * this.sampleRate) / 1_000);
  }

  write(samples: Int16Array): PlayoutReceipt {
    if (this.#end?.error !== undefined) throw this.#end.error;
    const record = this.#ledger.add(samples.length / this.channels);
    if (this.#end !== undefined) {
      this.#ledger.cut()(this.#floor);
      return record;
    }
    const length = (PIECE_MS * this.sampleRate) / 1_000;
    this.#waiting.push(...piecesOf(samples, this.channels, record.start, length));
    this.send();
    return record;
  }

  flush(): void {}

  /** Sends what is due, and looks again while there is more or something plays. */
  send(): void {
    if (this.#end !== undefined) return;
    const { outlet, clock } = this.#options;
    while (!this.#paused && this.#waiting.length > 0 && outlet.open && this.#aheadMs < AHEAD_MS) this.#sendOne();
    this.#ledger.advance(this.playoutPosition);
    if ((this.#waiting.length === 0 || this.#paused) && this.#aheadMs === 0) return;
    this.#cancelTick ??= clock.at(clock.now() + PIECE_MS, () => {
      this.#cancelTick = undefined;
      this.send();
    });
  }

  marked(): boolean {
    return false;
  }

  /** What was sent is played; what was not is dropped, but for a fade. */
  async clear({ fadeMs }: { readonly fadeMs: number }): Promise<number> {
    if (!this.#paused) this.#fadeOut(fadeMs);
    this.#waiting = [];
    const end = this.#ledger.written;
    const boundary = this.#sent;
    this.#ledger.cut()(boundary);
    this.#sent = end;
    this.#floor = end;
    return ((end - boundary) * 1_000) / this.sampleRate;
  }

  async pause({ fadeMs }: { readonly fadeMs: number }): Promise<void> {
    if (this.#paused) return;
    this.#fadeOut(fadeMs);
    this.#fadeIn = (fadeMs * this.sampleRate) / 1_000;
    this.#paused = true;
    await sleep(this.#options.clock, this.#aheadMs);
  }

  resume(): void {
    this.#paused = false;
    this.send();
  }

  /** The far side is gone. */
  end(error?: Error): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.#cancelTick?.();
    this.#ledger.cut()(Math.round(this.playoutPosition));
    this.#waiting = [];
    this.#sent = this.#ledger.written;
    this.#floor = this.#sent;
  }

  get #aheadMs(): number {
    return Math.max(0, this.#endsAt - this.#options.clock.now());
  }

  #sendOne(): void {
    const piece = this.#waiting.shift()!;
    const total = this.#fadeIn;
    this.#fadeIn = 0;
    this.#put(total === 0 ? piece : this.#ramped(piece, (at) => Math.min(1, at / total)));
  }

  #put({ from, to, samples }: Piece): void {
    const { outlet, clock } = this.#options;
    outlet.media(samples);
    this.#sent = to;
    this.#endsAt = Math.max(clock.now(), this.#endsAt) + ((to - from) * 1_000) / this.sampleRate;
  }

  /** Sends the next of what waits, fading: it counts as played. */
  #fadeOut(fadeMs: number): void {
    const [piece] = this.#waiting;
    const total = Math.min(
      Math.round((fadeMs * this.sampleRate) / 1_000),
      piece === undefined ? 0 : piece.to - piece.from,
    );
    // Where nothing was sent, nothing is to be faded.
    if (piece === undefined || total === 0 || this.#aheadMs === 0 || !this.#options.outlet.open) return;
    const rest = pieceFrom(piece, piece.from + total, this.channels);
    this.#waiting.splice(0, 1, ...(rest === undefined ? [] : [rest]));
    const faded = { from: piece.from, to: piece.from + total, samples: piece.samples.slice(0, total * this.channels) };
    this.#put(this.#ramped(faded, (at) => 1 - (at + 1) / total));
  }

  #ramped(piece: Piece, gain: (at: number) => number): Piece {
    const samples = piece.samples.map((sample, index) => Math.round(sample * gain(Math.floor(index / this.channels))));
    return { ...piece, samples };
  }
}

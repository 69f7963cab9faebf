import type { Cancel, Clock, PlayoutDevice, PlayoutReceipt, SluiceError } from '@sluice/core';
import { mediaSocketError } from '../errors.ts';
import type { MediaForm } from '../forms/media-form.ts';
import { Cut, type SentPiece } from './cut.ts';
import { type Outlet, type Piece, pieceFrom, piecesOf } from './outlet.ts';
import { Playhead } from './playhead.ts';
import { WriteLedger } from './write-ledger.ts';

/** Between two marks, in milliseconds: what is known of what was heard, where time cannot tell. */
const PIECE_MS = 20;
/** How long a mark may be overdue, in milliseconds. */
const LATE_MS = 5_000;
/** How often it is looked whether the socket has room again, in milliseconds. */
const ROOM_MS = 10;

export interface LineOptions {
  readonly form: MediaForm;
  readonly clock: Clock;
  readonly outlet: Outlet;
  readonly capacityMs: number;
  /** The far side's time, as its messages tell it. */
  readonly farMs: () => number | undefined;
  /** It cannot go on. */
  readonly onStuck: (error: SluiceError) => void;
}

/**
 * A far side that keeps what it is sent and plays it in its time. A mark stands behind each piece; where it plays is known by the
 * marks that come back.
 */
export class BufferedLine implements PlayoutDevice {
  readonly sampleRate: number;
  readonly channels: number;
  readonly capacityMs: number;
  readonly #options: LineOptions;
  readonly #ledger: WriteLedger;
  #waiting: Piece[] = [];
  #flight: SentPiece[] = [];
  #cuts: Cut[] = [];
  #playhead: Playhead;
  /** The media before it was played, or dropped. */
  #position = 0;
  /** The furthest that was told: what a mark makes certain may be less. */
  #told = 0;
  #marks = 0;
  #clears = 0;
  #paused = false;
  /** Pauses of which it is not known yet what is to be sent again, before all else. */
  #returning = 0;
  #cancelLate: Cancel = () => {};
  #cancelRoom: Cancel | undefined;
  #end: { readonly error: Error | undefined } | undefined;

  constructor(options: LineOptions) {
    const { form, capacityMs } = options;
    this.#options = options;
    this.sampleRate = form.sampleRate;
    this.channels = form.channels;
    this.capacityMs = capacityMs;
    this.#ledger = new WriteLedger(this.sampleRate, capacityMs);
    this.#playhead = this.#newPlayhead();
  }

  get queuedDuration(): number {
    return ((this.#ledger.written - this.#position) * 1_000) / this.sampleRate;
  }

  get playoutPosition(): number {
    const [first] = this.#flight;
    const at = first === undefined ? this.#position : Math.min(first.to, Math.max(first.from, this.#playhead.now));
    this.#told = Math.max(this.#told, at);
    return this.#told;
  }

  write(samples: Int16Array): PlayoutReceipt {
    if (this.#end?.error !== undefined) throw this.#end.error;
    const record = this.#ledger.add(samples.length / this.channels);
    if (this.#end !== undefined) {
      this.#ledger.cut()(this.#position);
      return record;
    }
    const length = (PIECE_MS * this.sampleRate) / 1_000;
    this.#waiting.push(...piecesOf(samples, this.channels, record.start, length));
    this.send();
    this.#ledger.advance(this.#position);
    return record;
  }

  flush(): void {}

  /** Sends what there is room for. */
  send(): void {
    const { outlet } = this.#options;
    if (this.#paused || this.#returning > 0) return;
    while (this.#waiting.length > 0 && outlet.open) this.#sendOne(outlet, this.#waiting.shift()!);
    if (this.#waiting.length > 0) this.#awaitRoom();
  }

  /** A mark came back. False if it is none of this line's. */
  marked(name: string): boolean {
    const index = this.#flight.findIndex(({ mark }) => mark === name);
    if (index < 0) {
      const known = this.#cuts.some((cut) => cut.take(name));
      this.#cuts = this.#cuts.filter(({ settled }) => !settled);
      return known;
    }
    this.#position = this.#flight[index]!.to;
    this.#flight.splice(0, index + 1);
    this.#playhead.set(this.#position);
    this.#watch();
    this.#ledger.advance(this.#position);
    this.send();
    return true;
  }

  async clear(): Promise<number> {
    this.#clears++;
    this.#returning = 0;
    this.#waiting = [];
    const end = this.#ledger.written;
    const settle = this.#ledger.cut();
    const boundary = await this.#cut();
    settle(boundary);
    this.#position = Math.max(this.#position, end);
    this.#ledger.advance(this.#position);
    return ((end - boundary) * 1_000) / this.sampleRate;
  }

  /** The far side cannot stand still: it drops what it has, and gets it again. */
  async pause(): Promise<void> {
    if (this.#paused) return;
    this.#paused = true;
    const clears = this.#clears;
    const pieces: readonly Piece[] = this.#flight;
    this.#returning++;
    const boundary = await this.#cut();
    if (this.#clears !== clears || this.#end !== undefined) return;
    this.#returning--;
    this.#position = boundary;
    this.#ledger.advance(boundary);
    const again = pieces.flatMap((piece) => pieceFrom(piece, boundary, this.channels) ?? []);
    this.#waiting.unshift(...again);
    this.send();
  }

  resume(): void {
    this.#paused = false;
    this.send();
  }

  /** The far side is gone. */
  end(error?: Error): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.#cancelLate();
    this.#cancelRoom?.();
    const position = Math.round(this.playoutPosition);
    for (const cut of this.#cuts) cut.settle();
    this.#ledger.cut()(position);
    this.#waiting = [];
    this.#flight = [];
    this.#position = this.#ledger.written;
  }

  #newPlayhead(): Playhead {
    const { clock, farMs } = this.#options;
    return new Playhead(clock, farMs, this.sampleRate);
  }

  #sendOne(outlet: Outlet, piece: Piece): void {
    const mark = `sluice-${++this.#marks}`;
    if (this.#flight.length === 0) this.#playhead.set(piece.from);
    outlet.media(piece.samples);
    outlet.mark(mark);
    this.#flight.push({ ...piece, mark });
    if (this.#flight.length === 1) this.#watch();
  }

  /** Where playing stopped, when the far side has dropped what it had. */
  #cut(): Promise<number> {
    const last = this.#cuts.at(-1);
    if (this.#flight.length === 0) return last?.boundary ?? Promise.resolve(this.#position);
    const cut = new Cut(this.#flight, this.#playhead, this.#options.clock, this.sampleRate);
    this.#flight = [];
    this.#cuts.push(cut);
    this.#playhead = this.#newPlayhead();
    this.#cancelLate();
    this.#options.outlet.clear();
    return cut.boundary;
  }

  #watch(): void {
    this.#cancelLate();
    if (this.#flight.length === 0) return;
    const { clock, onStuck } = this.#options;
    this.#cancelLate = clock.at(clock.now() + PIECE_MS + LATE_MS, () => onStuck(noMark()));
  }

  #awaitRoom(): void {
    const { clock } = this.#options;
    this.#cancelRoom ??= clock.at(clock.now() + ROOM_MS, () => {
      this.#cancelRoom = undefined;
      this.send();
    });
  }
}

function noMark(): SluiceError {
  return mediaSocketError('SLUICE_MEDIA_SOCKET_STUCK', `the far side has told no mark for ${LATE_MS} ms`, {
    expected: 'a mark back for each that was sent, when its sound was played',
    fix: 'Give mediaSocket the form that the far side speaks; what plays as it comes is rawForm',
  });
}

import { checkKeys, type Interruption, type KeysOf, type Micros, type Utterance, type VideoFrame } from '@sluice/core';
import { checkNumber } from '../../options/check-option.ts';
import { type CellShape, type Drawing, type Fitted, fitted } from './fitted.ts';
import { type CompositePlace, checkPlace, placeKeys } from './place.ts';

/** Where one input of a composed picture stands, and how it comes into its place. */
export interface CompositeInputOptions extends CompositePlace {
  /** An input that is silent for so long disappears until it has a new picture. Default that of `composite`. */
  readonly staleMs?: number | undefined;
}

/** The keys of `CompositeInputOptions`, for those that extend them. */
export const compositeInputKeys = { ...placeKeys, staleMs: true } as const satisfies KeysOf<CompositeInputOptions>;

/** What an input has gone through, in pictures. */
export interface CompositeInputStatistics {
  /** All that came, shown or not. */
  readonly received: number;
  /** Never shown: a newer one came first, or an interruption. */
  readonly passedOver: number;
}

/** The times of what leaves. */
export interface CompositeTimeline {
  /** Of the picture that leaves next. */
  readonly next: Micros;
  /** How long it is shown. */
  readonly period: Micros;
  /** Whether it waits for an input, so that the others take as much as they may. */
  readonly waits: boolean;
}

/** Pictures that may wait for their time when their source cannot. */
const MOST_WAITING = 8;
/** Pictures, and their memory, that an input takes while another has none: both may come from one source. */
const MOST_AHEAD = 250;
const MOST_AHEAD_BYTES = 64 * 2 ** 20;

interface Waiting {
  readonly frame: VideoFrame;
  /** When it is shown first, in the time of what leaves. */
  readonly due: Micros;
  shown: boolean;
}

/** Throws at once for options that are not valid. */
export function checkCompositeInput(name: string, options: CompositeInputOptions): void {
  checkKeys<CompositeInputOptions>(name, options, compositeInputKeys);
  checkPlace(name, options);
  if (options.staleMs !== undefined) checkStale(`${name}.staleMs`, options.staleMs);
}

export function checkStale(name: string, value: unknown): void {
  checkNumber(name, value, { min: 1, max: Number.POSITIVE_INFINITY, unit: 'ms' });
}

/** One input of a compositor: its newest picture, and that as it is drawn. */
export class CompositeInput {
  readonly id: string;
  /**
   * Whether pictures are shown when their timestamps say so, counted from the first one, instead of when they come. Set
   * before the first picture by whoever feeds the input.
   */
  keepsTime = false;
  readonly #staleMicros: number;
  readonly #timeline: CompositeTimeline;
  readonly #drawing: Drawing;
  #place: CompositePlace;
  #pictures: Waiting[] = [];
  #fitted: (Fitted & CellShape & { readonly of: VideoFrame }) | undefined;
  /** What is added to a timestamp. */
  #offset: number | undefined;
  #epoch = 0;
  #ended = false;
  #removed = false;
  #received = 0;
  #passedOver = 0;

  constructor(
    id: string,
    options: CompositeInputOptions & { readonly staleMs: number },
    timeline: CompositeTimeline,
    drawing: Drawing,
  ) {
    this.id = id;
    this.#place = options;
    this.#staleMicros = options.staleMs * 1_000;
    this.#timeline = timeline;
    this.#drawing = drawing;
  }

  /** Where it is drawn and how. */
  get place(): CompositePlace {
    return this.#place;
  }

  /** The size of its picture. */
  get size(): Pick<VideoFrame, 'width' | 'height'> {
    return this.#pictures[0]!.frame;
  }

  get statistics(): CompositeInputStatistics {
    return { received: this.#received, passedOver: this.#passedOver };
  }

  /** Whether a source that can be held back may send the next picture. */
  get hasRoom(): boolean {
    if (!this.keepsTime || !this.knowsNext) return true;
    if (this.#ended || this.#removed || !this.#timeline.waits || this.#pictures.length >= MOST_AHEAD) return false;
    return this.#pictures.reduce((bytes, { frame }) => bytes + frame.data.byteLength, 0) < MOST_AHEAD_BYTES;
  }

  /** Whether it is known what is shown next: no earlier picture can come. */
  get knowsNext(): boolean {
    const { next } = this.#timeline;
    const last = this.#pictures.at(-1);
    if (this.#ended || this.#removed) return true;
    return last !== undefined && (last.due > next || next < last.due + last.frame.duration);
  }

  /** Whether no more pictures will come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether it will never be seen again. */
  get done(): boolean {
    if (this.#removed) return true;
    if (!this.#ended) return false;
    const last = this.#pictures.at(-1);
    if (last === undefined || !this.keepsTime) return true;
    return this.#timeline.next >= last.due + (last.frame.duration || this.#timeline.period);
  }

  /** Moves it, from the next picture on; what is left out stays as it is, undefined is the default again. */
  setPlace(place: CompositePlace): void {
    checkKeys<CompositePlace>('setPlace', place, placeKeys);
    checkPlace('setPlace', place);
    this.#place = { ...this.#place, ...place };
  }

  /** Leaves at once. */
  remove(): void {
    this.#removed = true;
    this.close();
  }

  /** Takes a picture over. */
  push(frame: VideoFrame): void {
    this.#received++;
    if (frame.epoch > this.#epoch) this.#cut(frame.epoch);
    if (this.#ended || this.#removed || frame.epoch < this.#epoch) {
      this.#passedOver++;
      frame.close();
      return;
    }
    const { next } = this.#timeline;
    const due = this.#dueOf(frame);
    const fresh = due <= next && this.#pictures.every(({ shown }) => shown);
    if (due <= next) this.#drop(this.#pictures.length);
    else if (this.#pictures.length > (this.#timeline.waits ? MOST_AHEAD : MOST_WAITING)) this.#drop(1);
    this.#pictures.push({ frame, due, shown: false });
    // Scaled as it comes, inputs take turns; all at once would keep everything else waiting.
    if (fresh && this.#fitted !== undefined) this.#fit(frame, this.#fitted);
  }

  /** No more pictures will come. */
  end(): void {
    this.#ended = true;
  }

  /** Drops what was made before the interruption. */
  interrupt({ epoch }: Interruption): void {
    this.#cut(epoch);
  }

  /** Moves on to the picture that leaves next. Returns whether this input has one for it. */
  advance(): boolean {
    const { next } = this.#timeline;
    while (this.#pictures.length > 1 && this.#pictures[1]!.due <= next) this.#drop(1);
    const head = this.#pictures[0];
    if (head === undefined || head.due > next) return false;
    if (this.done || next - head.due - head.frame.duration >= this.#staleMicros) {
      this.#drop(1);
      this.#unfit();
      return false;
    }
    return this.#place.visible !== false;
  }

  /** What the picture that `advance` found is part of. */
  get utterance(): Utterance | undefined {
    return this.#pictures[0]?.frame.utterance;
  }

  /** What `advance` found, for a cell of that shape. */
  drawn(cell: CellShape): Fitted {
    const head = this.#pictures[0]!;
    head.shown = true;
    const { width, height, fit } = cell;
    const former = this.#fitted;
    if (former?.of === head.frame && former.width === width && former.height === height && former.fit === fit)
      return former;
    return this.#fit(head.frame, cell);
  }

  /** Gives everything back. */
  close(): void {
    this.#drop(this.#pictures.length);
    this.#unfit();
  }

  #fit(of: VideoFrame, { width, height, fit }: CellShape): Fitted {
    this.#fitted?.frame.close();
    this.#fitted = undefined;
    const made = { ...fitted(of, { width, height, fit }, this.#drawing), width, height, fit, of };
    this.#fitted = made;
    return made;
  }

  #unfit(): void {
    this.#fitted?.frame.close();
    this.#fitted = undefined;
  }

  #dueOf({ timestamp }: VideoFrame): Micros {
    const { next } = this.#timeline;
    if (!this.keepsTime) return next;
    const last = this.#pictures.at(-1);
    this.#offset ??= next - timestamp;
    // A stream that begins anew goes on where it was.
    if (last !== undefined && timestamp + this.#offset < last.due)
      this.#offset = Math.max(next, last.due + last.frame.duration) - timestamp;
    return (timestamp + this.#offset) as Micros;
  }

  #cut(epoch: number): void {
    this.#epoch = Math.max(this.#epoch, epoch);
    const kept = this.#pictures.filter(({ frame }) => frame.epoch >= epoch);
    if (kept.length === this.#pictures.length) return;
    const stale = this.#pictures.filter((picture) => !kept.includes(picture));
    this.#pictures = [...stale, ...kept];
    this.#drop(stale.length);
    this.#unfit();
  }

  /** Drops the oldest. */
  #drop(count: number): void {
    for (const { frame, shown } of this.#pictures.splice(0, count)) {
      if (!shown) this.#passedOver++;
      frame.close();
    }
  }
}

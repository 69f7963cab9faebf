import { type ActorContext, type AudioFormat, outOfRange } from '@sluice/core';
import { containerError } from '../errors.ts';
import { CodedPieces } from './coded-pieces.ts';
import { DecodedPieces } from './decoded-pieces.ts';
import type { SoundStretches } from './sound-frames.ts';
import { SoundPart, type SoundStretch } from './sound-part.ts';
import type { SoundTrack } from './sound-track.ts';

/** What is missing at the end is told from here on, in seconds: lengths in files are rounded. */
const SHORT_S = 0.05;

/** Which part of a track is played, and how often. */
export interface PlayedPart {
  readonly startMs: number;
  readonly durationMs: number | undefined;
  readonly times: number;
}

/** A part of a track, as often as it is asked for. */
export class PlayedTrack implements SoundStretches {
  readonly format: AudioFormat;
  readonly #track: SoundTrack;
  readonly #context: ActorContext;
  readonly #start: number;
  readonly #end: number;
  readonly #times: number;
  #part: SoundPart;
  #played = 0;
  /** Of the time that runs. */
  #heard = false;

  constructor(track: SoundTrack, { startMs, durationMs, times }: PlayedPart, context: ActorContext) {
    const { sampleRate, channels } = track;
    this.format = { sampleRate, channels };
    this.#track = track;
    this.#context = context;
    this.#start = Math.round((startMs * sampleRate) / 1_000);
    const length = durationMs === undefined ? Number.POSITIVE_INFINITY : (durationMs * sampleRate) / 1_000;
    this.#end = this.#start + Math.round(length);
    this.#times = times;
    this.#part = this.#begin();
  }

  async next(): Promise<SoundStretch | undefined> {
    for (;;) {
      const stretch = await this.#part.next();
      if (stretch !== undefined) {
        this.#heard = true;
        return stretch;
      }
      if (!this.#heard) this.#checkStart();
      if (++this.#played === 1) this.#reportDamage();
      if (this.#played >= this.#times || !this.#heard) return undefined;
      this.#heard = false;
      await this.#part.close();
      this.#part = this.#begin();
    }
  }

  async close(): Promise<void> {
    try {
      await this.#part.close();
    } finally {
      await this.#track.close();
    }
  }

  #begin(): SoundPart {
    const { coding, exact, sampleRate, channels, bytes } = this.#track;
    const pieces =
      coding === undefined
        ? new DecodedPieces(this.#track)
        : new CodedPieces(this.#track, coding, this.#start, (count) => this.#context.countInvalid(count));
    const [start, end] = [this.#start, this.#end];
    const most = () => bytes.extent?.samples;
    return new SoundPart(pieces, { sampleRate, channels, start, end, exact: exact && coding !== undefined, most });
  }

  #checkStart(): void {
    if (this.#start === 0) return;
    const lengthMs = (Math.max(0, this.#part.reached) / this.format.sampleRate) * 1_000;
    throw outOfRange('startMs', `less than the length of ${this.#track.name}, ${Math.round(lengthMs)} ms`, this.#start);
  }

  /** There is less than was announced, and it was played to its end. */
  #reportDamage(): void {
    const { name, duration, bytes, zero } = this.#track;
    const { missingBytes = 0, samples } = bytes.extent ?? {};
    const reached = this.#part.reached / this.format.sampleRate;
    const short = duration === undefined || samples !== undefined ? 0 : duration - zero - reached;
    const { cut } = this.#part;
    if (!cut && (this.#end !== Number.POSITIVE_INFINITY || (missingBytes === 0 && short < SHORT_S))) return;
    const error = containerError('SLUICE_CONTAINER_DAMAGED', `${name} ends before its end`, {
      expected: short >= SHORT_S ? `${duration!.toFixed(3)} s of sound` : 'all that it announces',
      received: `${reached.toFixed(3)} s`,
      fix: 'It was cut, or its writer was killed: look for a whole one',
    });
    this.#context.report(error);
  }
}

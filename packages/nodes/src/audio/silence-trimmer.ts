import {
  AudioFrame,
  type Gap,
  type Interruption,
  joinGaps,
  type Micros,
  samplesToMicros,
  type Utterance,
} from '@sluice/core';
import type { Subscriber } from 'rxjs';
import { emit } from '../flow/emit.ts';
import { findQuiet, findSound } from '../kernels/audio/silence.ts';
import { decibelsToGain } from '../kernels/clamp.ts';

interface Piece {
  readonly samples: Int16Array;
  readonly timestamp: Micros;
  readonly epoch: number;
  readonly utterance: Utterance | undefined;
}

/** What silence is and what becomes of it, as the options of `trimSilence` say. */
export interface TrimSettings {
  readonly leading: boolean;
  readonly trailing: boolean;
  readonly maxPauseMs: number | undefined;
  readonly thresholdDb: number;
  readonly padMs: number;
  readonly maxHeldMs: number;
}

/** Takes silence out of a stream and moves what follows forward. Holds silence that may yet have to leave. */
export class SilenceTrimmer {
  readonly #destination: Subscriber<AudioFrame>;
  readonly #settings: TrimSettings;
  readonly #threshold: number;
  #sampleRate = 0;
  #channels = 1;
  #channelMask: number | undefined;
  #held: Piece[] = [];
  #heldLength = 0;
  /** Length of the present silence; undefined while there is sound. */
  #silence: number | undefined;
  #leading: boolean;
  /** Media taken away, in samples of the present rate and before it in microseconds. */
  #removed = 0;
  #removedBefore = 0;
  #gap: Gap | undefined;

  constructor(destination: Subscriber<AudioFrame>, settings: TrimSettings) {
    this.#destination = destination;
    this.#settings = settings;
    this.#threshold = decibelsToGain(settings.thresholdDb) * 32_768;
    this.#leading = settings.leading;
    this.#silence = settings.leading ? 0 : undefined;
  }

  take(frame: AudioFrame): void {
    if (!this.#follows(frame)) this.#setFormat(frame);
    this.#gap = joinGaps(this.#gap, frame.gap);
    const { samples, channels } = frame;
    const length = frame.length;
    const shortest =
      this.#settings.maxPauseMs === undefined ? Number.POSITIVE_INFINITY : this.#frames(this.#settings.maxPauseMs);
    for (let at = 0; at < length && !this.#destination.closed; ) {
      if (this.#silence === undefined) {
        const quiet = findQuiet(samples, channels, this.#threshold, at, shortest);
        if (at === 0 && quiet === length && this.#removed === 0 && this.#removedBefore === 0) {
          const out = frame.gap === this.#gap ? frame : frame.move({ gap: this.#gap });
          this.#gap = undefined;
          emit(this.#destination, out);
          return;
        }
        if (quiet > at) this.#emit(this.#piece(frame, at, quiet));
        at = quiet;
        if (quiet < length) this.#silence = 0;
      } else {
        const sound = findSound(samples, channels, this.#threshold, at);
        const stop = sound < 0 ? length : sound;
        if (stop > at) this.#keep(frame, at, stop);
        at = stop;
        if (sound >= 0) this.#resume();
      }
    }
    frame.close();
  }

  end(): void {
    if (!this.#settings.trailing && !this.#leading) this.#releaseHeld(0);
    this.#dropHeld(0);
  }

  interrupt(interruption: Interruption): void {
    if (this.#heldLength > 0) interruption.dropped(samplesToMicros(this.#heldLength, this.#sampleRate));
    this.#held = [];
    this.#heldLength = 0;
    this.#gap = undefined;
    this.#leading = this.#settings.leading;
    this.#silence = this.#leading ? 0 : undefined;
  }

  /** Silence: its beginning after sound leaves, the rest waits, what is too much goes. */
  #keep(frame: AudioFrame, from: number, end: number): void {
    const { padMs, maxPauseMs, maxHeldMs } = this.#settings;
    const pad = this.#frames(padMs);
    const before = this.#silence!;
    this.#silence = before + end - from;
    const tail = this.#leading ? from : Math.min(end, from + Math.max(0, pad - before));
    if (tail > from) this.#emit(this.#piece(frame, from, tail));
    if (end > tail) {
      this.#held.push(this.#piece(frame, tail, end));
      this.#heldLength += end - tail;
    }
    if (this.#leading) this.#dropHeld(pad);
    else if (maxPauseMs !== undefined) this.#dropHeld(this.#frames(maxPauseMs) - pad);
    else this.#releaseHeld(this.#frames(maxHeldMs));
  }

  #resume(): void {
    this.#releaseHeld(0);
    this.#silence = undefined;
    this.#leading = false;
  }

  /** Emits the oldest silence until `limit` sample frames are left. */
  #releaseHeld(limit: number): void {
    this.#shorten(limit, (piece) => this.#emit(piece));
  }

  /** Takes the oldest silence away until `limit` sample frames are left. */
  #dropHeld(limit: number): void {
    this.#shorten(limit, ({ samples }) => {
      this.#removed += samples.length / this.#channels;
    });
  }

  #shorten(limit: number, take: (piece: Piece) => void): void {
    while (this.#heldLength > limit) {
      const piece = this.#held.shift()!;
      const length = piece.samples.length / this.#channels;
      const taken = Math.min(length, this.#heldLength - limit);
      this.#heldLength -= taken;
      if (taken === length) take(piece);
      else {
        const split = taken * this.#channels;
        const timestamp = (piece.timestamp + samplesToMicros(taken, this.#sampleRate)) as Micros;
        this.#held.unshift({ ...piece, samples: piece.samples.slice(split), timestamp });
        take({ ...piece, samples: piece.samples.slice(0, split) });
      }
    }
  }

  #piece(frame: AudioFrame, from: number, end: number): Piece {
    return {
      samples: frame.samples.slice(from * frame.channels, end * frame.channels),
      timestamp: (frame.timestamp + samplesToMicros(from, frame.sampleRate)) as Micros,
      epoch: frame.epoch,
      utterance: frame.utterance,
    };
  }

  #emit({ samples, timestamp, epoch, utterance }: Piece): void {
    const moved = timestamp - samplesToMicros(this.#removed, this.#sampleRate) - this.#removedBefore;
    const frame = new AudioFrame({
      samples,
      sampleRate: this.#sampleRate,
      channels: this.#channels,
      channelMask: this.#channelMask,
      timestamp: moved as Micros,
      epoch,
      utterance,
      gap: this.#gap,
    });
    this.#gap = undefined;
    emit(this.#destination, frame);
  }

  #setFormat(frame: AudioFrame): void {
    if (!this.#leading) this.#releaseHeld(0);
    this.#dropHeld(0);
    if (this.#sampleRate > 0) this.#removedBefore += samplesToMicros(this.#removed, this.#sampleRate);
    this.#removed = 0;
    this.#sampleRate = frame.sampleRate;
    this.#channels = frame.channels;
    this.#channelMask = frame.channelMask;
  }

  #follows({ sampleRate, channels, channelMask }: AudioFrame): boolean {
    return sampleRate === this.#sampleRate && channels === this.#channels && channelMask === this.#channelMask;
  }

  #frames(ms: number): number {
    return Math.round((ms * this.#sampleRate) / 1000);
  }
}

import {
  AudioFrame,
  checkKeys,
  createOperator,
  type Gap,
  type Interruption,
  joinGaps,
  type Micros,
  samplesToMicros,
  type Utterance,
} from '@sluice/core';
import type { OperatorFunction, Subscriber } from 'rxjs';
import { emit } from '../flow/emit.ts';
import { findQuiet, findSound } from '../kernels/audio/silence.ts';
import { decibelsToGain } from '../kernels/clamp.ts';
import { checkBoolean, checkMs, checkNumber } from '../options/check-option.ts';

export interface TrimSilenceOptions {
  /** Whether silence before the first sound goes. Default true. */
  readonly leading?: boolean;
  /** Whether silence after the last sound goes. Default true. */
  readonly trailing?: boolean;
  /** Pauses longer than this are cut down to it, in milliseconds; at least `padMs`. Default: pauses stay. */
  readonly maxPauseMs?: number;
  /** What is silent: no sample exceeds it, in dBFS. Default -50. */
  readonly thresholdDb?: number;
  /** Silence that stays on both sides of sound, in milliseconds. Default 20. */
  readonly padMs?: number;
  /** Silence that may be kept back until it is known how it ends, in milliseconds; more leaves. Default 10,000. */
  readonly maxHeldMs?: number;
}

/**
 * Takes silence away at the beginning, at the end and, if asked, from long pauses.
 *
 * To the sample, and without a gap: later timestamps move up. Sound leaves at once; silence after it is kept back until
 * sound follows or the stream ends, `maxHeldMs` at most. Frames leave in lengths of their own, put `rechunk` behind.
 * Gaps stay where they are. An interruption drops what is kept and begins anew. Adds no latency to sound.
 *
 * @example
 * ```ts
 * tts.pipe(trimSilence({ maxPauseMs: 400 }), rechunk({ ms: 20 }), pace())
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range
 * @see valve
 */
export function trimSilence(options: TrimSilenceOptions = {}): OperatorFunction<AudioFrame, AudioFrame> {
  checkKeys<TrimSilenceOptions>('trimSilence', options, {
    leading: true,
    trailing: true,
    maxPauseMs: true,
    thresholdDb: true,
    padMs: true,
    maxHeldMs: true,
  });
  const { leading = true, trailing = true, maxPauseMs, thresholdDb = -50, padMs = 20, maxHeldMs = 10_000 } = options;
  checkBoolean('trimSilence.leading', leading);
  checkBoolean('trimSilence.trailing', trailing);
  checkNumber('trimSilence.thresholdDb', thresholdDb, { min: -120, max: 0, unit: 'dBFS' });
  checkMs('trimSilence.padMs', padMs, 60_000);
  checkMs('trimSilence.maxHeldMs', maxHeldMs, 600_000);
  if (maxPauseMs !== undefined)
    checkNumber('trimSilence.maxPauseMs', maxPauseMs, { min: padMs, max: 600_000, unit: 'ms' });

  return createOperator<AudioFrame, AudioFrame>({ name: 'trimSilence' }, (destination, context) => {
    const trimmer = new Trimmer(destination, { leading, trailing, maxPauseMs, thresholdDb, padMs, maxHeldMs });
    const stopListening = context.onInterrupt((interruption) => trimmer.interrupt(interruption));
    return {
      next: (frame) => trimmer.take(frame),
      complete() {
        trimmer.end();
        destination.complete();
      },
      teardown: stopListening,
    };
  });
}

interface Piece {
  readonly samples: Int16Array;
  readonly timestamp: Micros;
  readonly epoch: number;
  readonly utterance: Utterance | undefined;
}

type Settings = Required<Omit<TrimSilenceOptions, 'maxPauseMs'>> & { readonly maxPauseMs: number | undefined };

class Trimmer {
  readonly #destination: Subscriber<AudioFrame>;
  readonly #settings: Settings;
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

  constructor(destination: Subscriber<AudioFrame>, settings: Settings) {
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

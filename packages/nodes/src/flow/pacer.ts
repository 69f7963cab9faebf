import {
  type ActorContext,
  AudioFrame,
  type Cancel,
  type Interruption,
  SluiceError,
  type VideoFrame,
} from '@sluice/core';
import type { Subscriber } from 'rxjs';
import { GainRamp } from '../kernels/audio/gain-ramp.ts';
import { emit } from './emit.ts';
import { PacerPositions } from './pacer-positions.ts';

/** What can be paced. */
export type PacedFrame = AudioFrame | VideoFrame;

export interface PacerOptions {
  /** Undefined: what suits the kind of frames. */
  readonly cushionMs: number | undefined;
  readonly reanchorMs: number;
  readonly maxQueuedMs: number | undefined;
  readonly gaps: 'keep' | 'skip';
}

/** Sound that comes late is a hole, a picture that comes late is a picture that comes late. */
const CUSHION_MS = { audio: 60, video: 0 } as const;
/** A second of 1080p is 90 MB. */
const MAX_QUEUED_MS = { audio: 60_000, video: 1_000 } as const;

/** What a pacer has done so far: how much it let go, how much waits, and how late it was. */
export interface PaceStatistics {
  /** Frames that left. */
  readonly frames: number;
  /** Media that left, in milliseconds. */
  readonly mediaMs: number;
  /** Media that waits, in milliseconds. */
  readonly queuedMs: number;
  /** Frames that left after the receiver had played everything before them. */
  readonly underruns: number;
  /** The longest that a receiver had to wait for a frame, stalls apart, in milliseconds. */
  readonly maxLatenessMs: number;
  /** How often the schedule was begun anew after a stall or a pause. */
  readonly reanchors: number;
  /** Media dropped by interruptions, in milliseconds. */
  readonly droppedMs: number;
}

interface Waiting<F> {
  readonly frame: F;
  /** Where it begins on the pacer's time line, in milliseconds. */
  readonly position: number;
  /** Where the next frame stands if nothing is missing between. */
  readonly end: number;
  readonly release: () => void;
}

/** Holds frames until their time on an absolute schedule. Used by `pace`. */
export class Pacer<F extends PacedFrame> {
  readonly statistics = {
    frames: 0,
    mediaMs: 0,
    queuedMs: 0,
    underruns: 0,
    maxLatenessMs: 0,
    reanchors: 0,
    droppedMs: 0,
  };
  readonly #destination: Subscriber<F>;
  readonly #context: ActorContext;
  readonly #options: PacerOptions;
  #queue: Waiting<F>[] = [];
  /** Clock time at which position 0 is played. */
  #anchor: number | undefined;
  readonly #positions: PacerPositions;
  #emittedEnd = 0;
  #epoch = 0;
  #cancelTimer: Cancel | undefined;
  #draining = false;
  #ended = false;

  constructor(destination: Subscriber<F>, context: ActorContext, options: PacerOptions) {
    this.#destination = destination;
    this.#context = context;
    this.#options = options;
    this.#epoch = context.epoch;
    this.#positions = new PacerPositions(options.gaps);
  }

  take(frame: F): void {
    if (frame.epoch > this.#epoch) this.#startEpoch(frame.epoch);
    if (frame.epoch < this.#epoch) {
      this.statistics.droppedMs += frame.duration / 1000;
      frame.close();
      return;
    }
    const { maxQueuedMs = MAX_QUEUED_MS[frame.kind] } = this.#options;
    if (this.statistics.queuedMs > maxQueuedMs) {
      frame.close();
      throw overflow(maxQueuedMs);
    }
    const position = this.#positions.place(frame);
    const end = this.#positions.next;
    this.statistics.queuedMs += end - position;
    this.#queue.push({ frame, position, end, release: this.#context.hold() });
    if (this.#cancelTimer === undefined) this.#drain();
  }

  end(): void {
    this.#ended = true;
    if (this.#queue.length === 0) this.#destination.complete();
  }

  interrupt(interruption: Interruption): void {
    const head = this.#queue[0];
    const ahead = this.#anchor === undefined ? 0 : this.#anchor + this.#emittedEnd - this.#context.clock.now();
    // A receiver that is still playing what left fades its own sound; here it would come after its silence, as a click.
    const tail =
      head?.frame.kind === 'audio' && head.position === this.#emittedEnd && ahead <= interruption.fadeMs
        ? fadedHead(head.frame, interruption)
        : undefined;
    const dropped = this.#queue.reduce((sum, { frame }) => sum + frame.duration, 0) - (tail?.duration ?? 0);
    if (dropped > 0) interruption.dropped(dropped);
    this.#startEpoch(interruption.epoch);
    if (tail !== undefined) emit(this.#destination, tail as F);
    if (this.#ended) this.#destination.complete();
  }

  close(): void {
    this.#clear();
  }

  #startEpoch(epoch: number): void {
    this.#epoch = epoch;
    this.statistics.droppedMs += this.statistics.queuedMs;
    this.#clear();
    this.#anchor = undefined;
  }

  #clear(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const queue = this.#queue;
    this.#queue = [];
    this.statistics.queuedMs = 0;
    for (const { frame, release } of queue) {
      frame.close();
      release();
    }
  }

  /** Emits what is due, then waits for the next. */
  #drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
      const now = this.#context.clock.now();
      this.#anchor ??= now - head.position;
      const { cushionMs = CUSHION_MS[head.frame.kind] } = this.#options;
      const due = this.#anchor + head.position - cushionMs;
      if (due > now) {
        this.#cancelTimer = this.#context.clock.at(due, this.#onTimer);
        break;
      }
      this.#queue.shift();
      this.#account(head, now);
      emit(this.#destination, head.frame);
      head.release();
    }
    this.#draining = false;
    if (this.#ended && this.#queue.length === 0) this.#destination.complete();
  }

  readonly #onTimer = (): void => {
    this.#cancelTimer = undefined;
    this.#drain();
  };

  #account({ position, end }: Waiting<F>, now: number): void {
    const { statistics } = this;
    const durationMs = end - position;
    const behind = now - (this.#anchor! + position);
    if (behind > 0) statistics.underruns++;
    if (behind > this.#options.reanchorMs) {
      this.#anchor = now - position;
      statistics.reanchors++;
    } else statistics.maxLatenessMs = Math.max(statistics.maxLatenessMs, behind);
    statistics.frames++;
    statistics.mediaMs += durationMs;
    statistics.queuedMs = Math.max(0, statistics.queuedMs - durationMs);
    this.#emittedEnd = end;
  }
}

/** The first milliseconds of a frame going down to silence, in the new epoch. */
function fadedHead(frame: AudioFrame, { epoch, fadeMs }: Interruption): AudioFrame | undefined {
  const length = Math.min(frame.length, Math.round((fadeMs * frame.sampleRate) / 1000));
  if (length === 0) return undefined;
  const samples = new Int16Array(length * frame.channels);
  const ramp = new GainRamp(1);
  ramp.rampTo(0, length);
  ramp.apply(frame.samples.subarray(0, samples.length), samples, frame.channels);
  return new AudioFrame({
    samples,
    sampleRate: frame.sampleRate,
    channels: frame.channels,
    channelMask: frame.channelMask,
    timestamp: frame.timestamp,
    epoch,
  });
}

function overflow(limitMs: number): SluiceError {
  return new SluiceError('SLUICE_CHAIN_OVERFLOW', 'pace holds too much media', {
    expected: `at most ${limitMs} ms waiting`,
    fix: 'Put it in a graph, which holds the source back, use a source that can be asked, or raise maxQueuedMs',
  });
}

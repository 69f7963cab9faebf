import { closedFrame, invalidArgument, SluiceError } from '../errors.ts';
import { type Micros, samplesToMicros } from '../time/units.ts';
import { type AudioFormat, checkChannels, checkSampleRate } from './audio-format.ts';
import { checkChannelMask } from './channel-layout.ts';
import type { Utterance } from './frame.ts';
import { frameObserver } from './frame-observer.ts';
import type { Gap } from './gap.ts';

/** What {@link audioFrame} makes a frame of. */
export interface AudioFrameInit extends AudioFormat {
  /** Interleaved signed 16-bit samples; the length is a multiple of `channels`. The frame takes the array over. */
  readonly samples: Int16Array;
  /** Media time of the first sample, in microseconds. */
  readonly timestamp: Micros;
  /** The epoch the frame was made in; 0 outside a graph. */
  readonly epoch?: number;
  /** Media missing right before this frame. */
  readonly gap?: Gap | undefined;
  /** What it is part of; `sink.utterance(id)` of a device's sink tells what became of it. */
  readonly utterance?: Utterance | undefined;
  /** Called once on close, for pooled sample memory. */
  readonly release?: ((samples: Int16Array) => void) | undefined;
}

/**
 * A stretch of interleaved s16 audio. The receiver owns it: forward it, or `close()` it on the line where it is
 * dropped. Frames are not changed after they were emitted.
 */
export class AudioFrame implements AudioFormat {
  readonly kind = 'audio';
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly channels: number;
  /** Which speakers the channels are meant for. Kept by `derive` while their count stays. */
  readonly channelMask: number | undefined;
  readonly timestamp: Micros;
  /** Set by the runtime when the frame leaves its source, copied by `derive`. */
  epoch: number;
  /** Media missing right before this frame. Set by links that drop, copied by `derive`. */
  gap: Gap | undefined;
  /** What it is part of. Kept by `derive` and every operator. */
  readonly utterance: Utterance | undefined;
  #closed = false;
  #lent = false;
  #owners: { count: number } | undefined;
  readonly #release: ((samples: Int16Array) => void) | undefined;

  constructor(init: AudioFrameInit) {
    this.samples = init.samples;
    this.sampleRate = init.sampleRate;
    this.channels = init.channels;
    this.channelMask = init.channelMask;
    this.timestamp = init.timestamp;
    this.epoch = init.epoch ?? 0;
    this.gap = init.gap;
    this.utterance = init.utterance;
    this.#release = init.release;
    if (frameObserver.current !== undefined) frameObserver.current.opened(this);
  }

  /** Samples per channel. */
  get length(): number {
    return this.samples.length / this.channels;
  }

  /** Microseconds. */
  get duration(): Micros {
    return samplesToMicros(this.samples.length / this.channels, this.sampleRate);
  }

  /** Whether no other frame was made on these samples with `clone()` or `derive()`. */
  get exclusive(): boolean {
    return !this.#lent;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * A new frame with this one's epoch, gap and utterance, other fields replaced. Does not close this one. Without new samples the
   * two share them: pooled memory goes back when all who share it are closed.
   */
  derive(init: Partial<AudioFrameInit>): AudioFrame {
    const shares = init.samples === undefined || init.samples === this.samples;
    const channels = init.channels ?? this.channels;
    const frame = new AudioFrame({
      samples: init.samples ?? this.samples,
      sampleRate: init.sampleRate ?? this.sampleRate,
      channels,
      channelMask: 'channelMask' in init ? init.channelMask : channels === this.channels ? this.channelMask : undefined,
      timestamp: init.timestamp ?? this.timestamp,
      epoch: init.epoch ?? this.epoch,
      gap: 'gap' in init ? init.gap : this.gap,
      utterance: 'utterance' in init ? init.utterance : this.utterance,
      release: shares ? this.#release : init.release,
    });
    if (shares) this.#lendTo(frame);
    return frame;
  }

  /** A second frame on the same samples, for one more receiver. Nothing is copied. */
  clone(): AudioFrame {
    if (this.#closed) throw closedFrame('cloned');
    return this.derive({});
  }

  /** The same samples under other fields, for a receiver further on. This frame is closed; nothing is copied. */
  move(init: Pick<Partial<AudioFrameInit>, 'timestamp' | 'epoch' | 'gap' | 'utterance'>): AudioFrame {
    if (this.#closed) throw closedFrame('moved');
    const lent = this.#lent;
    const moved = this.derive(init);
    moved.#lent = lent;
    this.close();
    return moved;
  }

  /** A frame with a copy of the samples, for whoever wants to change them. */
  copy(): AudioFrame {
    if (this.#closed) throw closedFrame('copied');
    return this.derive({ samples: this.samples.slice() });
  }

  /** Gives the samples back. Closing twice does nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (frameObserver.current !== undefined) frameObserver.current.closed(this);
    if (this.#owners !== undefined && --this.#owners.count > 0) return;
    this.#release?.(this.samples);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #lendTo(frame: AudioFrame): void {
    this.#lent = true;
    frame.#lent = true;
    if (this.#release === undefined) return;
    this.#owners ??= { count: 1 };
    this.#owners.count++;
    frame.#owners = this.#owners;
  }
}

/** A checked frame, for samples that come from outside. Costs a few comparisons more than the constructor. */
export function audioFrame(init: AudioFrameInit): AudioFrame {
  if (!(init.samples instanceof Int16Array)) throw invalidArgument('samples', 'an Int16Array', init.samples);
  checkSampleRate(init.sampleRate);
  checkChannels(init.channels);
  if (init.channelMask !== undefined) checkChannelMask(init.channelMask, init.channels);
  if (!Number.isFinite(init.timestamp)) throw invalidArgument('timestamp', 'microseconds', init.timestamp);
  if (init.samples.length % init.channels !== 0)
    throw new SluiceError('SLUICE_FRAME_SHAPE', 'an audio frame must hold whole samples', {
      expected: `a length that is a multiple of ${init.channels} channels`,
      received: init.samples.length,
      fix: 'Check the channel count, or keep the rest for the next frame',
    });
  return new AudioFrame(init);
}

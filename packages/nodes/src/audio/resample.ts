import {
  type ActorContext,
  type AudioFormat,
  AudioFrame,
  checkKeys,
  checkSampleRate,
  createOperator,
  type Gap,
  type Interruption,
  isAudioFormat,
  joinGaps,
  type Micros,
  PauseWatch,
  sameAudioStream,
  samplesToMicros,
  type Utterance,
} from '@sluice/core';
import { checkQuality, type ResampleQuality, Resampler, resampleDelay } from '@sluice/core/kernels';
import type { OperatorFunction, Subscriber } from 'rxjs';
import { emit } from '../flow/emit.ts';

/** Rate and quality of {@link resample}. */
export interface ResampleOptions {
  /** Hz, 1 000 to 768 000. */
  readonly sampleRate: number;
  /**
   * `high` (default): within 0.5 dB up to 0.9 of the lower Nyquist frequency, aliases under -80 dB. `fast`: 0.8 and
   * -60 dB, at 2.5 times the speed. `best`: 0.94 and below the noise of 16 bits, at half the speed.
   * `sharp`: within 0.05 dB up to 0.9 and -91 dB at the speed of `high`, for what is judged by its treble; below, `high` is
   * flatter.
   */
  readonly quality?: ResampleQuality;
}

/** Timestamps that stray further than this from the sample count are followed, in microseconds. */
const strayMicros = 1_000;

/**
 * Converts audio to another sample rate.
 *
 * State is carried from frame to frame, so there is no seam, and the tail leaves at the end of the stream, before a gap,
 * before a change of format and when a live stream pauses for a frame or two: for n samples that entered,
 * `round(n * out / in)` leave, counted over all gaps, so that none of them drifts. The output is aligned with the input in
 * time; timestamps count samples from the first frame after a break, and follow the input's where those stray
 * by more than 1 ms. An interruption, or a frame of a new epoch, drops what is kept. Frames that have the rate already
 * pass untouched; others are closed and new ones leave. Adds 40 sample periods of the lower rate of latency (2.5 ms at
 * 16 kHz; `fast` 16, `best` 80).
 *
 * @example
 * ```ts
 * fromWavFile('greeting.wav').pipe(resample({ sampleRate: 16000 })).subscribe(toMicrophone(mic));
 * ```
 * @throws TypeError, RangeError at once for a rate or quality that does not exist
 * @see remix, rechunk
 */
export function resample(options: ResampleOptions): OperatorFunction<AudioFrame, AudioFrame> {
  checkKeys<ResampleOptions>('resample', options, { sampleRate: true, quality: true });
  const { sampleRate, quality = 'high' } = options;
  checkSampleRate(sampleRate, 'resample.sampleRate');
  checkQuality(quality, 'resample.quality');

  return createOperator<AudioFrame, AudioFrame>(
    {
      name: 'resample',
      accepts: { kind: 'audio' },
      produces: (input) => (isAudioFormat(input) ? { ...input, sampleRate } : input),
      // Of inputs at this rate or above; the rate of a lower one is not known yet.
      latencyMs: (resampleDelay(sampleRate, sampleRate, quality) / sampleRate) * 1000,
    },
    (destination, context) => {
      const stream = new ResampledStream(destination, sampleRate, quality, context);
      const stopListening = context.onInterrupt((interruption) => stream.interrupt(interruption));
      return {
        next: (frame) => stream.take(frame),
        complete() {
          stream.flush();
          destination.complete();
        },
        teardown() {
          stopListening();
          stream.close();
        },
      };
    },
  );
}

class ResampledStream {
  readonly #destination: Subscriber<AudioFrame>;
  readonly #sampleRate: number;
  readonly #quality: ResampleQuality;
  #resampler: Resampler | undefined;
  #format: AudioFormat = { sampleRate: 0, channels: 0 };
  #epoch = 0;
  #utterance: Utterance | undefined;
  /** Media missing before the next frame that leaves. */
  #gap: Gap | undefined;
  /** Media time of sample 0 since the last break. */
  #anchor = 0 as Micros;
  #received = 0;
  #emitted = 0;
  readonly #pauses: PauseWatch;
  /** Everything has left, and nothing has come since. */
  #paused = false;

  constructor(
    destination: Subscriber<AudioFrame>,
    sampleRate: number,
    quality: ResampleQuality,
    context: ActorContext,
  ) {
    this.#destination = destination;
    this.#sampleRate = sampleRate;
    this.#quality = quality;
    this.#pauses = new PauseWatch(context, () => this.#pause());
  }

  take(frame: AudioFrame): void {
    if (frame.epoch !== this.#epoch) this.#drop();
    else if (!sameAudioStream(this.#format, frame)) this.flush();
    else if (frame.gap !== undefined) this.#break();
    this.#epoch = frame.epoch;
    if (frame.sampleRate === this.#sampleRate) this.#pass(frame);
    else this.#convert(frame);
  }

  /** Emits the tail; what comes next is another stream. */
  flush(): void {
    this.#pauses.stop();
    const tail = this.#resampler?.flush();
    if (tail !== undefined) this.#emit(tail);
    this.#begin();
  }

  close(): void {
    this.#pauses.stop();
  }

  interrupt(interruption: Interruption): void {
    const kept = samplesToMicros(this.#received, this.#format.sampleRate || 1);
    interruption.dropped(Math.max(0, kept - samplesToMicros(this.#emitted, this.#sampleRate)));
    this.#drop();
  }

  #drop(): void {
    this.#pauses.stop();
    this.#resampler?.reset();
    this.#begin();
    this.#gap = undefined;
  }

  /** Nothing follows for now: the tail leaves, or it would be heard at the beginning of what comes next. */
  #pause(): void {
    this.#paused = true;
    const tail = this.#resampler?.drain();
    if (tail !== undefined) this.#emit(tail);
  }

  /** What comes next does not follow on what was there before. */
  #break(): void {
    this.#pause();
    this.#resampler?.beginStretch();
    this.#begin();
  }

  #begin(): void {
    this.#received = 0;
    this.#emitted = 0;
    this.#paused = false;
  }

  #pass(frame: AudioFrame): void {
    this.#resampler = undefined;
    this.#format = formatOf(frame);
    const gap = this.#gap;
    this.#gap = undefined;
    emit(this.#destination, gap === undefined ? frame : frame.move({ gap: joinGaps(gap, frame.gap) }));
  }

  #convert(frame: AudioFrame): void {
    if (this.#resampler === undefined || !sameAudioStream(this.#format, frame)) {
      const { sampleRate: inputRate, channels } = frame;
      this.#format = formatOf(frame);
      const rates = { inputRate, outputRate: this.#sampleRate, channels };
      this.#resampler = new Resampler({ ...rates, quality: this.#quality });
    }
    this.#gap = joinGaps(this.#gap, frame.gap);
    this.#follow(frame);
    this.#utterance = frame.utterance;
    this.#received += frame.length;
    const samples = this.#resampler.process(frame.samples);
    const durationMs = frame.duration / 1000;
    frame.close();
    this.#emit(samples);
    this.#pauses.came(durationMs);
  }

  /** Keeps to the frame's time where it strays from the count. */
  #follow(frame: AudioFrame): void {
    const anchor = frame.timestamp - samplesToMicros(this.#received, frame.sampleRate);
    if (this.#received === 0 || Math.abs(anchor - this.#anchor) > strayMicros) {
      if (this.#paused) this.#break();
      this.#anchor = (frame.timestamp - samplesToMicros(this.#received, frame.sampleRate)) as Micros;
    }
    this.#paused = false;
  }

  #emit(samples: Int16Array): void {
    if (samples.length === 0) return;
    const { channels, channelMask } = this.#format;
    const frame = new AudioFrame({
      samples,
      sampleRate: this.#sampleRate,
      channels,
      channelMask,
      timestamp: (this.#anchor + samplesToMicros(this.#emitted, this.#sampleRate)) as Micros,
      epoch: this.#epoch,
      gap: this.#gap,
      utterance: this.#utterance,
    });
    this.#gap = undefined;
    this.#emitted += samples.length / channels;
    emit(this.#destination, frame);
  }
}

function formatOf({ sampleRate, channels, channelMask }: AudioFormat): AudioFormat {
  return { sampleRate, channels, channelMask };
}

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
import { formatSeam, SeamFade, seamContextMs } from './format-seam.ts';
import { SoundTail } from './sound-tail.ts';

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
const nothing = new Int16Array(0);

/**
 * Converts audio to another sample rate.
 *
 * State is carried from frame to frame, so there is no seam, and the tail leaves at the end of the stream, before a gap,
 * before a change of format and when a live stream pauses for a frame or two: for n samples that entered,
 * `round(n * out / in)` leave, counted over all gaps, so that none of them drifts. Where the rate or the channels change and the
 * sound goes on, both sides are converted as parts of one sound, and counted as one: nothing clicks, no time is lost. The output is aligned with the input in
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
  /** Media time at which the last frame ended. */
  #until = 0 as Micros;
  #recent = new SoundTail(0);
  /** Frames of this format that came, and that left of all since the count began. */
  #taken = 0;
  #given = 0;
  /** How far what had left was ahead of what had come when the format changed last, in samples that leave. */
  #lead = 0;
  #fade: SeamFade | undefined;
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
    else if (!sameAudioStream(this.#format, frame)) {
      if (this.#isContinuedBy(frame)) this.#join(frame);
      else this.flush();
    } else if (frame.gap !== undefined) this.#break();
    this.#epoch = frame.epoch;
    if (frame.sampleRate === this.#sampleRate) this.#pass(frame);
    else this.#convert(frame);
  }

  /** Emits the tail; what comes next is another stream. */
  flush(): void {
    this.#pauses.stop();
    const tail = this.#resampler?.end(nothing, this.#owed);
    if (tail !== undefined) this.#emit(tail);
    this.#begin();
    this.#beginCount();
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
    this.#beginCount();
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
    this.#fade = undefined;
    this.#recent.clear();
  }

  #beginCount(): void {
    this.#taken = 0;
    this.#given = 0;
    this.#lead = 0;
  }

  /** Whether it is the same sound in another format, and one of both is converted. */
  #isContinuedBy({ sampleRate, timestamp, gap, length }: AudioFrame): boolean {
    if (this.#received === 0 || gap !== undefined || length === 0) return false;
    if (this.#format.sampleRate === this.#sampleRate && sampleRate === this.#sampleRate) return false;
    return Math.abs(timestamp - this.#until) <= strayMicros;
  }

  /** The format changes and the sound goes on: the tail leaves with what follows in it, which then begins with what was. */
  #join(frame: AudioFrame): void {
    this.#pauses.stop();
    const before = { samples: this.#recent.samples, format: this.#format };
    const format = formatOf(frame);
    const seam = formatSeam(before, { samples: frame.samples, format }, this.#sampleRate, this.#quality);
    const owed = this.#owed;
    const split = owed * before.format.channels;
    const tail =
      this.#resampler?.end(seam.next, owed + seam.fadeFrames) ??
      seam.next.subarray(0, seam.fadeFrames * before.format.channels);
    this.#emit(tail.slice(0, split));
    this.#lead += this.#given - this.#worth(this.#taken);
    this.#taken = 0;
    this.#given = 0;
    this.#begin();
    this.#fade = new SeamFade(seam.remix(tail.subarray(split)), format.channels);
    this.#adopt(format);
    this.#resampler?.continueFrom(seam.history, this.#lead);
  }

  /** Makes what converts the format. */
  #adopt(format: AudioFormat): void {
    const { sampleRate: inputRate, channels } = format;
    this.#format = format;
    this.#recent = new SoundTail(Math.ceil((inputRate * seamContextMs) / 1000) * channels);
    this.#resampler = undefined;
    if (inputRate === this.#sampleRate) return;
    this.#resampler = new Resampler({ inputRate, outputRate: this.#sampleRate, channels, quality: this.#quality });
  }

  /** Frames that have to leave for all that came so far. */
  get #owed(): number {
    return Math.max(0, Math.round(this.#worth(this.#taken) - this.#lead) - this.#given);
  }

  #worth(frames: number): number {
    return (frames * this.#sampleRate) / (this.#format.sampleRate || 1);
  }

  /** Counts what comes, and keeps a copy of its end. */
  #came(frame: AudioFrame): void {
    this.#until = (frame.timestamp + frame.duration) as Micros;
    this.#received += frame.length;
    this.#taken += frame.length;
    this.#recent.add(frame);
  }

  #pass(frame: AudioFrame): void {
    if (!sameAudioStream(this.#format, frame)) this.#adopt(formatOf(frame));
    this.#came(frame);
    this.#given += frame.length;
    const gap = joinGaps(this.#gap, frame.gap);
    this.#gap = undefined;
    this.#emitted += frame.length;
    if (this.#fade === undefined) return emit(this.#destination, gap === frame.gap ? frame : frame.move({ gap }));
    const faded = frame.derive({ samples: this.#faded(frame.samples), gap });
    frame.close();
    emit(this.#destination, faded);
  }

  /** The samples themselves, or a copy in which what was before fades out. */
  #faded(samples: Int16Array): Int16Array {
    if (this.#fade === undefined) return samples;
    const copy = samples.slice();
    this.#fade.apply(copy);
    if (this.#fade.over) this.#fade = undefined;
    return copy;
  }

  #convert(frame: AudioFrame): void {
    if (!sameAudioStream(this.#format, frame)) this.#adopt(formatOf(frame));
    this.#gap = joinGaps(this.#gap, frame.gap);
    this.#follow(frame);
    this.#utterance = frame.utterance;
    this.#came(frame);
    const samples = this.#resampler!.process(frame.samples);
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
      const lead = Math.round((this.#lead * 1e6) / this.#sampleRate);
      this.#anchor = (frame.timestamp - samplesToMicros(this.#received, frame.sampleRate) + lead) as Micros;
    }
    this.#paused = false;
  }

  #emit(made: Int16Array): void {
    if (made.length === 0) return;
    const { channels, channelMask } = this.#format;
    const samples = this.#faded(made);
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
    this.#given += samples.length / channels;
    emit(this.#destination, frame);
  }
}

function formatOf({ sampleRate, channels, channelMask }: AudioFormat): AudioFormat {
  return { sampleRate, channels, channelMask };
}

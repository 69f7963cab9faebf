import { type AudioFormat, checkChannels, checkKeys } from '@sluice/core';
import { checkProbeRate, PROBE_FRAME_MS, PROBE_PERIOD, PROBE_SILENCE_DBFS } from './probe-code.ts';
import { ProbeDemodulator } from './probe-demodulator.ts';
import {
  type ProbeArrival,
  type ProbeReport,
  type ProbeReportOptions,
  type ProbeSilence,
  reportProbe,
} from './probe-report.ts';

/** Which probe signal a {@link ProbeListener} listens for. */
export interface ProbeListenerOptions {
  /** The seed of the signal that is listened for. Default 0. */
  readonly seed?: number;
  /**
   * When frame 0 was written, on the clock of `push`, for a listener that may miss the first 2.4 s. Without it the first
   * frame that is heard is taken to be within them.
   */
  readonly startedAt?: number;
  /** Called for each frame as soon as it has passed. */
  readonly onFrame?: (arrival: ProbeArrival) => void;
}

/** Silence shorter than this is not listed, in milliseconds. */
const SHORTEST_SILENCE_MS = 5;

/**
 * Reads a probe signal from received audio: which frames came, when, how loud. Push chunks of any length as they
 * arrive; the format may change between chunks. `probeFrame` explains the code.
 *
 * Indexes are restored beyond their period by time: a frame is taken to be the one nearest to what is due since the
 * frame before, so the delay may change by up to 1.2 s at once; a pause may last for ever.
 */
export class ProbeListener {
  readonly arrivals: ProbeArrival[] = [];
  readonly silences: ProbeSilence[] = [];
  readonly #seed: number;
  readonly #startedAt: number | undefined;
  readonly #onFrame: ((arrival: ProbeArrival) => void) | undefined;
  #demodulator: ProbeDemodulator | undefined;
  #format: AudioFormat | undefined;
  /** Milliseconds of audio pushed before the present chunk, and when that chunk arrived. */
  #heard = 0;
  /** Milliseconds pushed before the present demodulator began. */
  #origin = 0;
  readonly #chunks: { position: number; at: number }[] = [];
  #run: { value: number; first: number; last: number; energy: number; hops: number } | undefined;
  #silentFrom: number | undefined;

  constructor(options: ProbeListenerOptions = {}) {
    checkKeys<ProbeListenerOptions>('ProbeListener', options, { seed: true, startedAt: true, onFrame: true });
    this.#seed = options.seed ?? 0;
    this.#startedAt = options.startedAt;
    this.#onFrame = options.onFrame;
  }

  /** Milliseconds of audio pushed so far. */
  get heardMs(): number {
    return this.#heard;
  }

  /**
   * Takes interleaved samples; the first channel is listened to. `at` is when their first sample was heard, in
   * milliseconds of any clock. Default: the position in the stream.
   */
  push(samples: Int16Array, format: AudioFormat, at: number = this.#heard): void {
    const demodulator = this.#prepare(format);
    this.#chunks.push({ position: this.#heard, at });
    if (this.#chunks.length > 64) this.#chunks.shift();
    this.#heard += (samples.length / format.channels / format.sampleRate) * 1000;
    demodulator.push(samples, format.channels);
  }

  /** Closes the last frame and gives the account. The listener can go on. */
  report(options: ProbeReportOptions = {}): ProbeReport {
    checkKeys<ProbeReportOptions>('report', options, { emittedAt: true, expected: true });
    this.#endRun();
    const silences = [...this.silences];
    if (this.#silentFrom !== undefined)
      silences.push({ position: this.#silentFrom, ms: this.#heard - this.#silentFrom });
    return reportProbe(this.arrivals, silences, options);
  }

  #prepare(format: AudioFormat): ProbeDemodulator {
    if (this.#demodulator !== undefined && this.#format?.sampleRate === format.sampleRate) return this.#demodulator;
    checkProbeRate(format.sampleRate);
    checkChannels(format.channels);
    this.#format = format;
    this.#origin = this.#heard;
    this.#demodulator = new ProbeDemodulator(format.sampleRate, this.#seed, this.#onWindow);
    return this.#demodulator;
  }

  /** One window of 10 ms whose middle is at `middle` ms of the demodulator; `newest` is the RMS of its newest part. */
  #onWindow = (value: number | undefined, middle: number, energy: number, newest: number, hopMs: number): void => {
    const position = this.#origin + middle;
    this.#followSilence(newest, position + 5 - hopMs);
    if (value === undefined) return;
    const run = this.#run;
    if (run !== undefined && run.value === value && position - run.last < 10) {
      run.last = position;
      run.hops++;
      run.energy = Math.max(run.energy, energy);
      return;
    }
    this.#endRun();
    this.#run = { value, first: position, last: position, energy, hops: 1 };
  };

  #endRun(): void {
    const run = this.#run;
    this.#run = undefined;
    // A single window may be a mixture of two frames that happens to fit the check digit.
    if (run === undefined || run.hops < 2) return;
    const level = 10 * Math.log10(run.energy) - 20 * Math.log10(32_768);
    if (level < PROBE_SILENCE_DBFS) return;
    const position = (run.first + run.last - PROBE_FRAME_MS) / 2;
    const at = this.#timeOf(position);
    const arrival: ProbeArrival = {
      index: this.#restore(run.value, at),
      at,
      position,
      level,
      duration: run.last - run.first + 10,
    };
    this.arrivals.push(arrival);
    this.#onFrame?.(arrival);
  }

  #restore(value: number, at: number): number {
    const before =
      this.arrivals.at(-1) ?? (this.#startedAt === undefined ? undefined : { index: 0, at: this.#startedAt });
    if (before === undefined) return value;
    const due = before.index + (at - before.at) / PROBE_FRAME_MS;
    return Math.max(0, Math.round((due - value) / PROBE_PERIOD)) * PROBE_PERIOD + value;
  }

  /** When a position of the stream was heard: by the chunk that holds it. */
  #timeOf(position: number): number {
    let index = this.#chunks.length - 1;
    while (index > 0 && this.#chunks[index]!.position > position) index--;
    const chunk = this.#chunks[index]!;
    return chunk.at + position - chunk.position;
  }

  #followSilence(rms: number, position: number): void {
    if (rms < 32_768 * 10 ** (PROBE_SILENCE_DBFS / 20)) {
      this.#silentFrom ??= position;
      return;
    }
    if (this.#silentFrom === undefined) return;
    const ms = position - this.#silentFrom;
    if (ms >= SHORTEST_SILENCE_MS) this.silences.push({ position: this.#silentFrom, ms });
    this.#silentFrom = undefined;
  }
}

/** Reads a probe signal from one channel of a recording. */
export function decodeProbe(
  samples: Int16Array,
  options: { readonly sampleRate: number; readonly seed?: number } & ProbeReportOptions,
): ProbeReport {
  const { sampleRate, seed, ...report } = options;
  const listener = new ProbeListener(seed === undefined ? {} : { seed });
  listener.push(samples, { sampleRate, channels: 1 });
  return listener.report(report);
}

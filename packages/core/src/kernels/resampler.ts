import { checkKeys } from '../check-keys.ts';
import { invalidArgument, outOfRange } from '../errors.ts';
import { checkChannels, checkSampleRate } from '../media/audio-format.ts';
import type { FirEngine } from './fir-engine.ts';
import { type PolyphaseFilter, polyphaseFilter, type ResampleQuality, resampleQualities } from './polyphase-filter.ts';
import { SimdFirEngine } from './simd-fir-engine.ts';
import { checkWholeFrames } from './whole-frames.ts';

/** Rates, channels and quality of a {@link Resampler}. */
export interface ResamplerOptions {
  /** Hz, 1 000 to 768 000. */
  readonly inputRate: number;
  /** Hz, 1 000 to 768 000. */
  readonly outputRate: number;
  /** Interleaved channels, 1 to 64. */
  readonly channels: number;
  /**
   * `high` (default): within 0.5 dB up to 0.9 of the lower Nyquist frequency, aliases under -80 dB, 40 sample periods of
   * the lower rate of latency. `fast`: 0.8, -60 dB, 16 periods. `best`: 0.94, below the noise of 16 bits, 80 periods.
   * `sharp`: within 0.05 dB up to 0.9 and -91 dB at the speed and latency of `high`, but not as flat below: 0.05 dB to and
   * fro, where `high` strays by 0.001.
   */
  readonly quality?: ResampleQuality;
  /** What does the arithmetic. Default: the vector engine. */
  readonly engine?: FirEngine;
}

/** Samples that the engine takes or makes at a time, so that long inputs do not need long scratch memory. */
const pieceSamples = 8192;

/**
 * Converts interleaved s16 audio from one sample rate to another: a polyphase windowed-sinc filter whose state is
 * carried from call to call, so the size of the chunks does not matter. Output sample k is the input at time
 * k / outputRate; positions are integers, so nothing drifts.
 */
export class Resampler {
  readonly inputRate: number;
  readonly outputRate: number;
  readonly channels: number;
  readonly #filter: PolyphaseFilter;
  readonly #engine: FirEngine;
  /** The window of the next output sample begins with the first of these frames. */
  readonly #history: Int16Array;
  #historyFrames = 0;
  #phase = 0;
  #received = 0;
  #emitted = 0;
  /** Output frames that `drain` gave away before the filter came to them. */
  #ahead = 0;

  constructor(options: ResamplerOptions) {
    checkKeys<ResamplerOptions>('Resampler', options, {
      inputRate: true,
      outputRate: true,
      channels: true,
      quality: true,
      engine: true,
    });
    const { inputRate, outputRate, channels, quality = 'high', engine = sharedEngine() } = options;
    checkSampleRate(inputRate, 'inputRate');
    checkSampleRate(outputRate, 'outputRate');
    checkChannels(channels);
    checkQuality(quality);
    this.inputRate = inputRate;
    this.outputRate = outputRate;
    this.channels = channels;
    this.#filter = polyphaseFilter(inputRate, outputRate, quality);
    this.#engine = engine;
    this.#history = new Int16Array((this.#filter.taps - 1) * channels);
    this.reset();
  }

  /** Look-ahead in input samples: an output sample comes out when this many samples after it went in. */
  get delaySamples(): number {
    return this.#filter.taps / 2;
  }

  /** Look-ahead in milliseconds. */
  get latencyMs(): number {
    return (this.delaySamples / this.inputRate) * 1000;
  }

  /** The output that the input so far makes possible, in a fresh array that owns its buffer. The input is only read. */
  process(input: Int16Array): Int16Array {
    checkWholeFrames(input, this.channels);
    const frames = input.length / this.channels;
    this.#received += frames;
    return this.#withoutAhead(this.#filterAll(input, this.#available(frames)));
  }

  /**
   * The rest: in total, `round(n * outputRate / inputRate)` samples per channel come out for n that went in. Afterwards
   * the resampler stands as after `reset()`.
   */
  flush(): Int16Array {
    const count = this.#owed;
    const output = this.#withoutAhead(this.#filterAll(new Int16Array(this.#missing(count) * this.channels), count));
    this.reset();
    return output;
  }

  /**
   * The rest so far, for a stream that pauses: in total, `round(n * outputRate / inputRate)` samples per channel have come
   * out for the n that went in. What is not known yet is taken to go on as it came. More may follow: counting goes on, so
   * that no number of pauses drifts, and input that follows directly is continued almost without a trace. Before input
   * that does not, call `beginStretch()`.
   */
  drain(): Int16Array {
    const count = this.#owed;
    if (count <= this.#ahead) return new Int16Array(0);
    const history = this.#history.slice();
    const [historyFrames, phase, emitted] = [this.#historyFrames, this.#phase, this.#emitted];
    const output = this.#filterAll(this.#mirrored(this.#missing(count)), count);
    this.#history.set(history);
    this.#historyFrames = historyFrames;
    this.#phase = phase;
    this.#emitted = emitted;
    const given = this.#ahead;
    this.#ahead = count;
    return output.subarray(given * this.channels).slice();
  }

  /**
   * The rest of a stream behind which `next` is known to follow, at the same input rate: `count` more frames, which may be
   * more than belong to what went in, if `next` is long enough for them; behind it silence is taken to follow. Afterwards the
   * resampler stands as after `reset()`.
   */
  end(next: Int16Array, count: number): Int16Array {
    checkWholeFrames(next, this.channels);
    if (!Number.isInteger(count) || count < 0) throw outOfRange('count', 'a whole number of frames, 0 or more', count);
    const all = count + this.#ahead;
    const input = new Int16Array(this.#missing(all) * this.channels);
    input.set(next.subarray(0, input.length));
    const output = this.#withoutAhead(this.#filterAll(input, all));
    this.reset();
    return output;
  }

  /**
   * The next input follows on a gap: nothing of what went in before is heard in it. Counting goes on from where the last
   * stretch ended. What was not drained is lost.
   */
  beginStretch(): void {
    const { up, down } = this.#filter;
    const exact = (this.#received % down) * up;
    // How far the next output sample is from the next input sample: a rounded number of samples has left so far.
    const offset = Math.round(exact / down) * down - exact;
    this.#emitted = outputLength(this.#received, up, down);
    this.#stand(offset);
  }

  /**
   * The next input is the start of a new stream that follows on `history`, which is heard in its first samples and counts
   * for none. Output sample 0 lies `lead` output periods behind input sample 0, or before it if negative, at most two: exact
   * to half a period of the least common multiple of both rates.
   */
  continueFrom(history: Int16Array, lead = 0): void {
    checkWholeFrames(history, this.channels);
    if (!(Math.abs(lead) <= 2)) throw outOfRange('lead', '-2 to 2 output periods', lead);
    const { up, down } = this.#filter;
    const offset = Math.round(lead * down);
    // So many frames would have left the next output sample where it is: counting goes on from there.
    let received = 0;
    while ((received * up + offset) % down !== 0) received++;
    this.#received = received;
    this.#emitted = (received * up + offset) / down;
    this.#stand(offset, history);
  }

  /** Forgets everything: the next input is the start of a new stream. For interruptions. */
  reset(): void {
    this.#historyFrames = this.#filter.taps / 2 - 1;
    this.#history.fill(0);
    this.#phase = 0;
    this.#received = 0;
    this.#emitted = 0;
    this.#ahead = 0;
  }

  /** The next output sample lies `offset / up` input samples after the next input sample; `history` came before that. */
  #stand(offset: number, history?: Int16Array): void {
    const { taps, up } = this.#filter;
    this.#ahead = 0;
    this.#historyFrames = taps / 2 - 1 - Math.floor(offset / up);
    this.#phase = offset - Math.floor(offset / up) * up;
    this.#history.fill(0);
    if (history === undefined) return;
    const heard = history.subarray(Math.max(0, history.length - this.#historyFrames * this.channels));
    this.#history.set(heard, this.#historyFrames * this.channels - heard.length);
  }

  /** Output frames that belong to the input so far and that the filter has not made. */
  get #owed(): number {
    return Math.max(0, outputLength(this.#received, this.#filter.up, this.#filter.down) - this.#emitted);
  }

  /** Input frames that `count` more output frames need beyond those that are there. */
  #missing(count: number): number {
    const { taps, up, down } = this.#filter;
    const lastWindow = Math.floor((this.#phase + (count - 1) * down) / up);
    return Math.max(0, lastWindow + taps - this.#historyFrames);
  }

  /** So many frames as if the stream went on: what came last, turned about its end. */
  #mirrored(frames: number): Int16Array {
    const { channels } = this;
    const output = new Int16Array(frames * channels);
    const last = (this.#historyFrames - 1) * channels;
    for (let index = 0; index < output.length; index++) {
      const channel = index % channels;
      const back = last - (Math.floor(index / channels) + 1) * channels + channel;
      const turned = 2 * this.#history[last + channel]! - (back < 0 ? 0 : this.#history[back]!);
      output[index] = Math.max(-32_768, Math.min(32_767, turned));
    }
    return output;
  }

  /** The output without the frames that `drain` has given already. */
  #withoutAhead(output: Int16Array): Int16Array {
    if (this.#ahead === 0) return output;
    const given = Math.min(this.#ahead, output.length / this.channels);
    this.#ahead -= given;
    return output.slice(given * this.channels);
  }

  /** Output frames that `frames` more input frames make possible. */
  #available(frames: number): number {
    const { taps, up, down } = this.#filter;
    const windows = this.#historyFrames + frames - taps + 1;
    return windows <= 0 ? 0 : Math.max(0, Math.ceil((windows * up - this.#phase) / down));
  }

  /** Runs all of `input` through the filter; makes `limit` output frames at most. */
  #filterAll(input: Int16Array, limit: number): Int16Array {
    const { channels } = this;
    const { up, down } = this.#filter;
    const step = Math.max(1, Math.floor(pieceSamples / channels / Math.max(1, up / down))) * channels;
    if (input.length <= step) return this.#filterPiece(input, limit);
    const output = new Int16Array(limit * channels);
    let written = 0;
    for (let start = 0; start < input.length; start += step) {
      const piece = this.#filterPiece(input.subarray(start, start + step), limit - written / channels);
      output.set(piece, written);
      written += piece.length;
    }
    return output;
  }

  #filterPiece(piece: Int16Array, limit: number): Int16Array {
    const { channels } = this;
    const { up, down, taps } = this.#filter;
    const kept = this.#historyFrames * channels;
    const frames = this.#historyFrames + piece.length / channels;
    const count = Math.min(limit, this.#available(piece.length / channels));
    const stage = this.#engine.stage(this.#filter, channels, frames, count);
    stage.set(this.#history.length === kept ? this.#history : this.#history.subarray(0, kept));
    stage.set(piece, kept);
    const result = this.#engine.run(this.#filter, channels, frames, this.#phase, count);
    const next = this.#phase + count * down;
    const begin = Math.floor(next / up);
    this.#phase = next % up;
    this.#historyFrames = Math.min(frames - begin, taps - 1);
    this.#history.set(stage.subarray(begin * channels, (begin + this.#historyFrames) * channels));
    this.#emitted += count;
    return result.slice(0, count * channels);
  }
}

/** Samples that `frames` input samples become, exactly rounded also where the product has no exact double. */
export function outputLength(frames: number, up: number, down: number): number {
  const whole = Math.floor(frames / down);
  return whole * up + Math.round(((frames % down) * up) / down);
}

/** Refuses what is no quality of a resampler; `name` is the option that the message blames. */
export function checkQuality(quality: ResampleQuality, name = 'quality'): void {
  if (!resampleQualities.includes(quality)) throw invalidArgument(name, resampleQualities.join(', '), quality);
}

let engine: FirEngine | undefined;
function sharedEngine(): FirEngine {
  engine ??= new SimdFirEngine();
  return engine;
}

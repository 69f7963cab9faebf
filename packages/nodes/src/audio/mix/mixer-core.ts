import {
  type AudioFormat,
  AudioFrame,
  checkChannels,
  checkSampleRate,
  type Interruption,
  invalidArgument,
  type KeysOf,
  samplesToMicros,
} from '@sluice/core';
import { Limiter } from '../../kernels/audio/limiter.ts';
import { accumulate, store } from '../../kernels/audio/mix.ts';
import { checkChoice, checkNumber } from '../../options/check-option.ts';
import { MixerInput, type MixerInputHost } from './mixer-input.ts';
import type { MixerInputOptions } from './mixer-input-options.ts';

export interface MixerCoreOptions {
  /** Hz. Default 48,000. */
  readonly sampleRate?: number;
  /** Default 1. */
  readonly channels?: number;
  /** Length of the frames that leave, in milliseconds. Default 20. */
  readonly frameMs?: number;
  /** Keep the sum within full scale by a limiter (true) or by clipping (false). Default true. */
  readonly limiter?: boolean;
  /** Who says when a block is mixed: a clock, or the inputs when all of them have one. Default `clock`. */
  readonly timing?: 'clock' | 'inputs';
}

/** The keys of `MixerCoreOptions`, for those that extend them. */
export const mixerCoreKeys = {
  sampleRate: true,
  channels: true,
  frameMs: true,
  limiter: true,
  timing: true,
} as const satisfies KeysOf<MixerCoreOptions>;

/**
 * The arithmetic and the bookkeeping of a mixer, without a clock and without RxJS: inputs push frames of any format and
 * whoever drives it calls `render()`, by a clock or whenever `ready`. Used by `mix` and by the graph's mixer node.
 */
export class MixerCore {
  readonly format: AudioFormat;
  readonly timing: 'clock' | 'inputs';
  /** Samples per channel of a block. */
  readonly blockLength: number;
  readonly #inputs = new Set<MixerInput>();
  readonly #host: MixerInputHost;
  readonly #limiter: Limiter | undefined;
  #bus = new Float32Array(0);
  #position = 0;
  #epoch = 0;
  #sealed = false;
  /** Called with an input when it has room again; set by whoever feeds the inputs. */
  onRoom: (input: MixerInput) => void = () => {};
  /** Called with an input when it has left the mix; set by whoever feeds the inputs. */
  onGone: (input: MixerInput) => void = () => {};

  constructor(options: MixerCoreOptions = {}) {
    const { sampleRate = 48_000, channels = 1, frameMs = 20, limiter = true, timing = 'clock' } = options;
    checkSampleRate(sampleRate, 'mix.sampleRate');
    checkChannels(channels, 'mix.channels');
    checkNumber('mix.frameMs', frameMs, { min: 1, max: 1_000, unit: 'ms' });
    checkChoice('mix.timing', timing, ['clock', 'inputs']);
    this.format = { sampleRate, channels };
    this.timing = timing;
    this.blockLength = Math.max(1, Math.round((frameMs * sampleRate) / 1000));
    this.#limiter = limiter ? new Limiter(sampleRate) : undefined;
    this.#host = this.#asHost();
  }

  /**
   * Adds an input; it takes part from the next block on, or from `startAt`. The name of one that has ended or was told to
   * leave is free, while that one still dies away.
   */
  add(id: string, options: MixerInputOptions = {}): MixerInput {
    if (typeof id !== 'string') throw invalidArgument('id', 'a string', id);
    if (this.#named(id)?.leaving === false) throw invalidArgument('id', 'an id that no input of the mix has', id);
    const input = new MixerInput(id, options, this.#host);
    this.#inputs.add(input);
    for (const each of this.#inputs) for (const key of each.duckedUnder) this.#markKey(key);
    return input;
  }

  /** The input of that name, which must be there. */
  input(id: string): MixerInput {
    const input = this.#named(id);
    if (input === undefined) throw invalidArgument('id', `one of: ${this.ids.join(', ')}`, id);
    return input;
  }

  get ids(): readonly string[] {
    return [...new Set(Array.from(this.#inputs, ({ id }) => id))];
  }

  /** Samples per channel that were rendered. */
  get position(): number {
    return this.#position;
  }

  /** Whether any input has brought a frame. */
  get started(): boolean {
    for (const input of this.#inputs) if (input.started) return true;
    return false;
  }

  /** Says that no input will be added: when all have ended, the mix has. */
  seal(): void {
    this.#sealed = true;
  }

  /** Whether the mix is over. */
  get finished(): boolean {
    return this.#sealed && this.#allEnded();
  }

  /** Whether every input that is still going can give a whole block, and there is something to mix. */
  get ready(): boolean {
    let going = false;
    for (const input of this.#inputs) {
      if (!input.ready(this.#position, this.blockLength)) return false;
      going ||= !input.done;
    }
    return going;
  }

  /**
   * Mixes the next block: silence stands in for what an input does not have yet. The last block is as short as what is
   * left; undefined when the mix is over.
   */
  render(length: number = this.blockLength): AudioFrame | undefined {
    if (this.finished) return undefined;
    const { sampleRate, channels } = this.format;
    const frames = this.#sealed ? this.#atMost(length) : length;
    const size = frames * channels;
    if (this.#bus.length < size) this.#bus = new Float32Array(size);
    this.#bus.fill(0, 0, size);
    for (const input of this.#inputs) input.read(this.#position, frames);
    for (const input of this.#inputs) accumulate(input.output(this.#keyPeak(input), frames), this.#bus, size);
    this.#limiter?.process(this.#bus, size, channels);
    const frame = new AudioFrame({
      samples: store(this.#bus, size),
      sampleRate,
      channels,
      timestamp: samplesToMicros(this.#position, sampleRate),
      epoch: this.#currentEpoch(),
      utterance: this.#utterances(),
    });
    this.#position += frames;
    for (const input of this.#inputs)
      if (input.removed || (input.done && !this.#sealed && input.settled)) this.#forget(input);
    return frame;
  }

  /** Drops what inputs hold from before the interruption's epoch, with a fade; of one input, or of all. */
  interrupt(interruption: Interruption, id?: string): void {
    this.#epoch = Math.max(this.#epoch, interruption.epoch);
    if (id !== undefined) this.input(id).interrupt(interruption);
    else for (const input of this.#inputs) input.interrupt(interruption);
  }

  /** Drops everything. */
  close(): void {
    for (const input of this.#inputs) this.#forget(input);
  }

  /** The newest input of that name. */
  #named(id: string): MixerInput | undefined {
    let named: MixerInput | undefined;
    for (const input of this.#inputs) if (input.id === id) named = input;
    return named;
  }

  #asHost(): MixerInputHost {
    const waits = () => this.#waits;
    return {
      format: this.format,
      fills: this.timing === 'inputs',
      onRoom: (input) => this.onRoom(input),
      get blockWaits() {
        return waits();
      },
    };
  }

  /** Whether the next block waits for an input. */
  get #waits(): boolean {
    for (const input of this.#inputs) if (!input.ready(this.#position, this.blockLength)) return true;
    return false;
  }

  #markKey(id: string): void {
    for (const input of this.#inputs) if (input.id === id) input.isKey = true;
  }

  #forget(input: MixerInput): void {
    this.#inputs.delete(input);
    input.close();
    this.onGone(input);
  }

  #allEnded(): boolean {
    for (const input of this.#inputs) if (!input.done) return false;
    return true;
  }

  /** A whole block, or what is left of the inputs if all of them have ended. */
  #atMost(length: number): number {
    let left = 0;
    for (const input of this.#inputs) {
      if (!input.ended && !input.done) return length;
      left = Math.max(left, input.remaining(this.#position));
    }
    return Math.min(length, left);
  }

  #keyPeak(input: MixerInput): number {
    let peak = 0;
    const { duckedUnder } = input;
    if (duckedUnder.length === 0) return peak;
    for (const other of this.#inputs) if (duckedUnder.includes(other.id)) peak = Math.max(peak, other.peak);
    return peak;
  }

  /** All that is in the block, each with its own id. */
  #utterances(): readonly string[] | undefined {
    let all: string[] | undefined;
    for (const { utterances } of this.#inputs)
      for (const id of utterances) if (all?.includes(id) !== true) all = [...(all ?? []), id];
    return all;
  }

  #currentEpoch(): number {
    for (const input of this.#inputs) this.#epoch = Math.max(this.#epoch, input.epoch);
    return this.#epoch;
  }
}

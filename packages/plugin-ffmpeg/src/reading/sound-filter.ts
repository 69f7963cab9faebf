// A filter of ffmpeg without its lateness: it is tried once on noise, heard again, and given what it needs to be in time.

import { setImmediate } from 'node:timers/promises';
import { invalidArgument, outOfRange } from '@sluice/core';
import { ffmpegError } from '../errors.ts';
import { FfmpegProcess } from '../program/ffmpeg-process.ts';

/** Silence behind the sound beyond what a filter is late by, in samples: some only give whole blocks. */
const MORE = 16_384;

/** By number of channels: what `-ac` of ffmpeg makes. */
const LAYOUTS = ['mono', 'stereo', '2.1', '4.0', '5.0', '5.1', '6.1', '7.1'];

/** The lateness that is looked for, in seconds; what is below the least belongs to the phase of a filter. */
const [LEAST_LATE, MOST_LATE] = [0.002, 0.5];

/** So many samples of the noise are looked for, from so many seconds on: filters that follow the sound have settled then. */
const [PROBE, PROBE_AT] = [1_024, 0.5];

/** From which correlation on the noise is taken for heard. By chance it is up to 0.2 like itself at another place. */
const LIKE = 0.25;

/** Products per turn of the event loop: 4 ms at the most. */
const PRODUCTS_PER_TURN = 2_000_000;

interface SoundFormat {
  readonly sampleRate: number;
  readonly channels: number;
}

/** A chain of filters that is given the sound as it is delivered, and put in time. */
export class SoundFilter {
  readonly #filter: string;
  readonly #format: SoundFormat;
  readonly #program: string;
  #chain: Promise<string> | undefined;

  /** @throws TypeError or RangeError for what cannot be a filter, or has more channels than ffmpeg has names for */
  constructor(filter: string, format: SoundFormat, program: string) {
    if (typeof filter !== 'string' || filter.trim() === '' || filter.includes('\0'))
      throw invalidArgument('filter', "a chain of ffmpeg's filters: afftdn,alimiter", filter);
    if (format.channels > LAYOUTS.length)
      throw outOfRange('channels', `1 to ${LAYOUTS.length} where there is a filter`, format.channels);
    this.#filter = filter;
    this.#format = format;
    this.#program = program;
  }

  /**
   * What goes on behind ffmpeg's chain: the filter with silence behind the sound for what it holds back, what it is late by
   * cut off, and all that is behind the end of the sound as well. Tried once. Rejects with ffmpeg's words if it takes no such filter.
   */
  get chain(): Promise<string> {
    this.#chain ??= this.#inTime();
    return this.#chain;
  }

  get #plain(): string {
    return `aformat=channel_layouts=${this.#layout},${this.#filter}`;
  }

  get #layout(): string {
    return LAYOUTS[this.#format.channels - 1]!;
  }

  async #inTime(): Promise<string> {
    const late = await this.#lateness();
    if (late === undefined) return this.#plain;
    // The sound as it was beside it says where it ends: merged, both end with the shorter one, and only the first is kept.
    const kept = Array.from({ length: this.#format.channels }, (_, channel) => `c${channel}=c${channel}`).join('|');
    const asIs = `aformat=channel_layouts=${this.#layout}`;
    return [
      `${asIs},asplit[plain][before]`,
      `[before]apad=pad_len=${late + MORE},${this.#filter},atrim=start_sample=${late},${asIs}[behind]`,
      `[behind][plain]amerge,pan=${this.#layout}|${kept}`,
    ].join(';');
  }

  /** In samples; undefined for what is not to be changed: it is in time, late on purpose, longer for its echo, or unlike the noise. */
  async #lateness(): Promise<number | undefined> {
    const { sampleRate, channels } = this.#format;
    const most = Math.round(MOST_LATE * sampleRate);
    const at = Math.round(PROBE_AT * sampleRate);
    const noise = noiseOf(at + PROBE + most);
    const heard = await this.#heard(noise);
    const one = Float32Array.from({ length: noise.length }, (_, sample) => heard[sample * channels] ?? 0);
    const found = await delayOf(Float32Array.from(noise.subarray(at, at + PROBE)), one.subarray(at), most);
    if (found === undefined) return undefined;
    const late = found < LEAST_LATE * sampleRate ? 0 : found;
    const longer = heard.length / channels - noise.length;
    return longer === late || (late === 0 && longer > 0) ? undefined : late;
  }

  async #heard(noise: Int16Array): Promise<Int16Array> {
    const { sampleRate, channels } = this.#format;
    const raw = ['-f', 's16le', '-ar', `${sampleRate}`, '-ac', `${channels}`];
    const args = ['-hide_banner', '-v', 'error', ...raw, '-i', 'pipe:0', '-af', this.#plain, ...raw, 'pipe:1'];
    const ffmpeg = new FfmpegProcess(this.#program, args, 'both');
    // The same on all channels: a filter may have others behind the first one.
    const given = Int16Array.from({ length: noise.length * channels }, (_, at) => noise[Math.floor(at / channels)]!);
    ffmpeg.input!.on('error', () => {}).end(new Uint8Array(given.buffer));
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of ffmpeg.output! as AsyncIterable<Buffer>) {
      parts.push(part);
      bytes += part.length;
      // One that repeats the sound may never end.
      if (bytes > 4 * given.byteLength) ffmpeg.kill();
    }
    await ffmpeg.gone;
    if (ffmpeg.missing !== undefined) throw ffmpeg.missing;
    if (ffmpeg.ending !== undefined && ffmpeg.ending !== 'SIGKILL')
      throw ffmpegError('SLUICE_FFMPEG_FAILED', `ffmpeg does not take the filter: ${ffmpeg.complaint}`, {
        expected: 'a chain of filters for sound, with one way in and one out',
        received: this.#filter,
        fix: 'Look at ffmpeg -filters, and at ffmpeg -h filter=NAME for its options',
      });
    return new Int16Array(new Uint8Array(Buffer.concat(parts).subarray(0, bytes - (bytes % 2))).buffer);
  }
}

/** White noise at a tenth of full scale, the same each time (Park and Miller's generator). */
function noiseOf(length: number): Int16Array {
  let state = 1;
  return Int16Array.from({ length }, () => {
    state = (state * 48_271) % 0x7fffffff;
    return (state / 0x7fffffff - 0.5) * 6_553;
  });
}

/** Where in `sound` a `part` is most alike, either way up; undefined if nowhere enough. */
async function delayOf(part: Float32Array, sound: Float32Array, most: number): Promise<number | undefined> {
  const partEnergy = energyOf(part);
  const lagsPerTurn = Math.ceil(PRODUCTS_PER_TURN / part.length);
  let best: { readonly lag?: number; readonly likeness: number } = { likeness: LIKE };
  for (let lag = 0; lag <= most; lag++) {
    if (lag % lagsPerTurn === 0) await setImmediate();
    let sum = 0;
    let energy = 0;
    for (let at = 0; at < part.length; at++) {
      const sample = sound[lag + at]!;
      sum += sample * part[at]!;
      energy += sample * sample;
    }
    const likeness = energy === 0 ? 0 : Math.abs(sum) / Math.sqrt(energy * partEnergy);
    if (likeness > best.likeness) best = { lag, likeness };
  }
  return best.lag;
}

function energyOf(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}

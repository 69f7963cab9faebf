// A filter of ffmpeg without its lateness: it is tried once on noise, heard again, and given what it needs to be in time.

import { setImmediate } from 'node:timers/promises';
import { invalidArgument, outOfRange } from '@sluice/core';
import { ffmpegError } from './errors.ts';
import { FfmpegProcess } from './ffmpeg-process.ts';

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
   * What goes into ffmpeg's chain: as much silence behind the sound as the filter is late, and as much cut off before it.
   * Tried once. Rejects with ffmpeg's words if it takes no such filter.
   */
  get chain(): Promise<string> {
    this.#chain ??= this.#inTime();
    return this.#chain;
  }

  get #plain(): string {
    return `aformat=channel_layouts=${LAYOUTS[this.#format.channels - 1]},${this.#filter}`;
  }

  async #inTime(): Promise<string> {
    const late = await this.#lateness();
    return late === 0 ? this.#plain : `apad=pad_len=${late},${this.#plain},atrim=start_sample=${late}`;
  }

  /** In samples. 0 for a filter that makes the sound longer: what is late on purpose does. */
  async #lateness(): Promise<number> {
    const { sampleRate, channels } = this.#format;
    const most = Math.round(MOST_LATE * sampleRate);
    const at = Math.round(PROBE_AT * sampleRate);
    const noise = noiseOf(at + PROBE + most);
    const heard = await this.#heard(noise);
    if (heard.length !== noise.length * channels) return 0;
    const one = Float32Array.from({ length: noise.length }, (_, sample) => heard[sample * channels]!);
    const late = await delayOf(Float32Array.from(noise.subarray(at, at + PROBE)), one.subarray(at), most);
    return late < LEAST_LATE * sampleRate ? 0 : late;
  }

  async #heard(noise: Int16Array): Promise<Int16Array> {
    const { sampleRate, channels } = this.#format;
    const raw = ['-f', 's16le', '-ar', `${sampleRate}`];
    const out = [...raw, '-ac', `${channels}`, 'pipe:1'];
    const args = ['-hide_banner', '-v', 'error', ...raw, '-ac', '1', '-i', 'pipe:0', '-af', this.#plain, ...out];
    const ffmpeg = new FfmpegProcess(this.#program, args, 'both');
    ffmpeg.input!.on('error', () => {}).end(new Uint8Array(noise.buffer));
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of ffmpeg.output! as AsyncIterable<Buffer>) {
      parts.push(part);
      bytes += part.length;
      // One that repeats the sound may never end.
      if (bytes > 4 * noise.byteLength * channels) ffmpeg.kill();
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

/** Where in `sound` a `part` is most alike, either way up; 0 if nowhere enough. */
async function delayOf(part: Float32Array, sound: Float32Array, most: number): Promise<number> {
  const partEnergy = energyOf(part);
  const lagsPerTurn = Math.ceil(PRODUCTS_PER_TURN / part.length);
  let best = { lag: 0, likeness: LIKE };
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

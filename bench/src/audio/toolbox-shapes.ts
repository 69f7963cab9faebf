import { join } from 'node:path';
import { seededRandom } from '@sluice/core/testing';
import { agc, compressor, equalizer, measureLoudness, timeStretch } from '@sluice/plugin-sound';
import { ffmpegSound } from '../measuring/ffmpeg.ts';
import type { Report } from '../measuring/report.ts';
import { type Operator, sampleRate, shaped, voice, written } from './toolbox-signals.ts';

/** How far off is what shapes sound: a compressor's curve and times, an equalizer's response, a level, a tempo. */
export async function compareShapes(report: Report, folder: string): Promise<void> {
  const theirs = (samples: Int16Array, filter: string) =>
    ffmpegSound({ path: written(folder, 'in.raw', samples), sampleRate, channels: 1 }, filter, join(folder, 'out.raw'));
  /** Reports one measure of what an operator and a filter make of the same samples. */
  const compare = async (
    [metric, unit]: readonly [string, string],
    samples: Int16Array,
    operator: Operator,
    filter: string,
    measure: (made: Int16Array) => number,
  ) => {
    const other = await theirs(samples, filter);
    const peer = other && { name: `ffmpeg ${filter.split(/[=,]/)[0]}`, value: measure(other) };
    report(metric, measure(shaped(operator, samples)), unit, peer, 'lower');
  };
  await compareCompressors(compare);
  const peaking = { type: 'peaking', frequency: 1_000, db: 6, q: 1 } as const;
  const filter = 'equalizer=f=1000:t=q:w=1:g=6';
  await compare(
    ['equalizer, response off the formula', 'dB'],
    click,
    equalizer({ bands: [peaking] }),
    filter,
    offFormula,
  );
  for (const peer of ['speechnorm=e=50:r=0.0005:l=1', 'dynaudnorm=m=50']) {
    await compare(['agc, between a soft and a loud voice', 'LU'], talk, agc(), peer, levelDifference);
    await compare(['agc, overshoot where a loud voice follows', 'LU'], talk, agc(), peer, overshoot);
  }
  for (const rate of [0.8, 1.25])
    for (const peer of [`atempo=${rate}`, `rubberband=tempo=${rate}`]) {
      const length = Math.round(bursts.length / rate);
      const off = (made: Int16Array) => (Math.abs(made.length - length) * 1_000) / sampleRate;
      await compare([`time stretch at ${rate}, length`, 'ms'], bursts, timeStretch({ rate }), peer, off);
      await compare(
        [`time stretch at ${rate}, bursts of 5 ms become`, 'ms'],
        bursts,
        timeStretch({ rate }),
        peer,
        burstLength,
      );
    }
}

type Compare = (
  metric: readonly [string, string],
  samples: Int16Array,
  operator: Operator,
  filter: string,
  measure: (made: Int16Array) => number,
) => Promise<void>;

const THRESHOLD = -30;
const LEVELS = [-50, -40, -30, -25, -20, -15, -10, -5];

async function compareCompressors(compare: Compare): Promise<void> {
  const settings = { thresholdDb: THRESHOLD, ratio: 4, kneeDb: 0, attackMs: 5, releaseMs: 120 };
  const filter = 'acompressor=threshold=0.0316228:ratio=4:knee=1:attack=5:release=120:detection=peak';
  const steps = squares(LEVELS.map((dbfs) => [1, dbfs]));
  await compare(['compressor, static curve, worst error', 'dB'], steps, compressor(settings), filter, offCurve);
  const jump = squares([
    [1, -40],
    [1, -10],
    [1, -40],
  ]);
  const time = (at: number, asked: number) => (made: Int16Array) => Math.abs(timeConstant(jump, made, at) - asked);
  await compare(['compressor, attack of 5 ms, off by', 'ms'], jump, compressor(settings), filter, time(1, 5));
  await compare(['compressor, release of 120 ms, off by', 'ms'], jump, compressor(settings), filter, time(2, 120));
}

/** Square waves of 100 Hz, whose level is the same in each sample. */
function squares(stretches: readonly (readonly [seconds: number, dbfs: number])[]): Int16Array {
  const parts = stretches.map(([seconds, dbfs]) =>
    Array.from(
      { length: seconds * sampleRate },
      (_, at) => (at % 480 < 240 ? 1 : -1) * Math.round(32_767 * 10 ** (dbfs / 20)),
    ),
  );
  return Int16Array.from(parts.flat());
}

/** At the end of each second, when all has settled. */
function offCurve(made: Int16Array): number {
  const errors = LEVELS.map((dbfs, index) => {
    const wanted = dbfs < THRESHOLD ? dbfs : THRESHOLD + (dbfs - THRESHOLD) / 4;
    const end = (index + 1) * sampleRate;
    return Math.abs(dbOf(rms(made.subarray(end - 4_800, end))) - wanted);
  });
  return Math.max(...errors);
}

/** How long after a jump the gain, in dB, has gone 1 - 1/e of its way, in milliseconds. */
function timeConstant(given: Int16Array, made: Int16Array, second: number): number {
  const gain = (at: number) => dbOf(Math.abs(made[at]! / given[at]!) * 32_768);
  const jump = second * sampleRate;
  const [from, to] = [gain(jump - 1), gain(jump + sampleRate - 1)];
  const there = (to - from) * (1 - 1 / Math.E);
  let at = jump;
  while (Math.abs(gain(at) - from) < Math.abs(there)) at++;
  return ((at - jump) * 1_000) / sampleRate;
}

const click = new Int16Array(sampleRate / 2);
click[0] = 8_192;

/** The most that the response to a click is off the Audio EQ Cookbook's peaking filter, 20 Hz to 20 kHz. */
function offFormula(made: Int16Array): number {
  const errors = Array.from({ length: 31 }, (_, index) => {
    const omega = (2 * Math.PI * 20 * 1_000 ** (index / 30)) / sampleRate;
    let [re, im] = [0, 0];
    for (let at = 0; at < made.length; at++) {
      re += made[at]! * Math.cos(omega * at);
      im -= made[at]! * Math.sin(omega * at);
    }
    return Math.abs(20 * Math.log10(Math.hypot(re, im) / 8_192) - cookbookDb(omega));
  });
  return Math.max(...errors);
}

function cookbookDb(omega: number): number {
  const center = (2 * Math.PI * 1_000) / sampleRate;
  const [a, alpha, cos] = [10 ** (6 / 40), Math.sin(center) / 2, Math.cos(center)];
  const size = (zero: number, two: number) =>
    Math.hypot(
      zero - 2 * cos * Math.cos(omega) + two * Math.cos(2 * omega),
      2 * cos * Math.sin(omega) - two * Math.sin(2 * omega),
    );
  return 20 * Math.log10(size(1 + alpha * a, 1 - alpha * a) / size(1 + alpha / a, 1 - alpha / a));
}

/** The same voice 26 dB softer, and then as it is. */
const talk = voice(40, 1).map((sample, at) => (at < 20 * sampleRate ? Math.round(sample / 20) : sample));

/** Of the last ten seconds of each. */
function levelDifference(made: Int16Array): number {
  const part = (from: number) =>
    measureLoudness(made.subarray(from * sampleRate, (from + 10) * sampleRate), { sampleRate }).integrated;
  return Math.abs(part(30) - part(10));
}

/** How far the loudest 400 ms of the first five loud seconds are above those of the last five. */
function overshoot(made: Int16Array): number {
  const loudest = (from: number) =>
    measureLoudness(made.subarray(from * sampleRate, (from + 5) * sampleRate), { sampleRate }).maxMomentary;
  return Math.max(0, loudest(20) - loudest(35));
}

const bursts = noiseBursts();

/** White noise of 5 ms four times a second. */
function noiseBursts(): Int16Array {
  const random = seededRandom(1);
  return Int16Array.from({ length: 8 * sampleRate }, (_, at) =>
    at % 12_000 >= 6_000 && at % 12_000 < 6_240 ? Math.round(20_000 * (random() - 0.5)) : 0,
  );
}

/** How long the middle 90 % of the energy of a burst last, in milliseconds, on average. */
function burstLength(made: Int16Array): number {
  const spacing = (made.length * 12_000) / bursts.length;
  const lengths = Array.from({ length: 30 }, (_, index) => {
    const part = made.subarray(Math.round((index + 1) * spacing), Math.round((index + 2) * spacing));
    const all = part.reduce((sum, sample) => sum + sample * sample, 0);
    const reached = (share: number) => {
      let left = share * all;
      return part.findIndex((sample) => {
        left -= sample * sample;
        return left <= 0;
      });
    };
    return ((reached(0.95) - reached(0.05)) * 1_000) / sampleRate;
  });
  return lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
}

function rms(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

function dbOf(value: number): number {
  return 20 * Math.log10(value / 32_768);
}

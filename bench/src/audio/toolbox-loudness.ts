import { loudness } from '@sluice/plugin-sound';
import { ffmpegMetadata } from '../measuring/ffmpeg.ts';
import type { Report } from '../measuring/report.ts';
import { sampleRate, through, written } from './toolbox-signals.ts';

/** Seconds, and the peak of a sine of 1 kHz in each channel, in dBFS. */
type Stretch = readonly [seconds: number, ...dbfs: number[]];
type Figure = 'integrated' | 'range' | 'shortTerm' | 'momentary';

const times = (count: number, ...stretches: readonly Stretch[]) =>
  Array.from({ length: count }, () => stretches).flat();
const both = (...levels: readonly (readonly [number, number])[]): readonly Stretch[] =>
  levels.map(([seconds, dbfs]) => [seconds, dbfs, dbfs]);

/** Cases as EBU Tech 3341 (1 to 6, 9, 12) and Tech 3342 (1 to 4) describe them, what a meter has to show, and its name at ffmpeg. */
const cases: readonly (readonly [string, Figure, string, readonly (readonly [readonly Stretch[], number])[]])[] = [
  [
    'integrated loudness, Tech 3341',
    'integrated',
    'lavfi.r128.I',
    [
      [both([20, -23]), -23],
      [both([20, -33]), -33],
      [both([10, -36], [60, -23], [10, -36]), -23],
      [both([10, -72], [10, -36], [60, -23], [10, -36], [10, -72]), -23],
      [both([20, -26], [20.1, -20], [20, -26]), -23],
      [[[20, -28, -28, -24, -30, -30]], -23],
    ],
  ],
  ['short-term loudness, Tech 3341', 'shortTerm', 'lavfi.r128.S', [[times(5, ...both([1.34, -20], [1.66, -30])), -23]]],
  ['momentary loudness, Tech 3341', 'momentary', 'lavfi.r128.M', [[times(25, ...both([0.18, -20], [0.22, -30])), -23]]],
  [
    'loudness range, Tech 3342',
    'range',
    'lavfi.r128.LRA',
    [
      [both([20, -20], [20, -30]), 10],
      [both([20, -20], [20, -15]), 5],
      [both([20, -40], [20, -20]), 20],
      [both([20, -50], [20, -35], [20, -20], [20, -35], [20, -50]), 15],
    ],
  ],
];

/** Cases 15 to 19 of Tech 3341: a part of the sample rate, phase in degrees, amplitude, and what a meter has to show. */
const peaks = [
  [4, 0, 0.5, -6],
  [4, 45, 0.5, -6],
  [6, 60, 0.5, -6],
  [8, 67.5, 0.5, -6],
  [4, 45, 1.41, 3],
] as const;

/** How far loudness is off what the test vectors of the EBU are to show. */
export async function compareLoudness(report: Report, folder: string): Promise<void> {
  for (const [name, figure, key, vectors] of cases) {
    let [ours, theirs] = [0, 0];
    for (const [stretches, expected] of vectors) {
      const channels = stretches[0]!.length - 1;
      const samples = sines(stretches);
      // Windows that are full: of what is of the whole the last, of what moves all.
      const moving = figure === 'shortTerm' ? 30 : figure === 'momentary' ? 4 : undefined;
      const judged = (readings: readonly number[]) =>
        moving === undefined ? readings.slice(-1) : readings.slice(moving);
      const worst = (readings: readonly number[]) =>
        Math.max(...judged(readings).map((reading) => Math.abs(reading - expected)));
      ours = Math.max(ours, worst(readingsOf(samples, channels, figure)));
      const sound = { path: written(folder, 'tones.raw', samples), sampleRate, channels };
      const told = (await ffmpegMetadata(sound, 'ebur128=metadata=1'))?.get(key);
      theirs = Math.max(theirs, told === undefined ? Number.NaN : worst(told));
    }
    report(`${name}, worst error`, ours, 'LU', peer('ffmpeg ebur128', theirs), 'lower');
  }
  let [ours, theirs] = [0, 0];
  for (const [part, degrees, amplitude, expected] of peaks) {
    const samples = faded(part, degrees, amplitude);
    ours = Math.max(ours, Math.abs(readingsOf(samples, 1, 'truePeakDb').at(-1)! - expected));
    const sound = { path: written(folder, 'peak.raw', samples), sampleRate, channels: 1 };
    const told = (await ffmpegMetadata(sound, 'ebur128=metadata=1:peak=true'))?.get('lavfi.r128.true_peaks_ch0');
    theirs = Math.max(theirs, told === undefined ? Number.NaN : Math.abs(20 * Math.log10(told.at(-1)!) - expected));
  }
  report('true peak, Tech 3341, worst error', ours, 'dB', peer('ffmpeg ebur128', theirs), 'lower');
}

function peer(name: string, value: number) {
  return Number.isNaN(value) ? undefined : { name, value };
}

function readingsOf(samples: Int16Array, channels: number, figure: Figure | 'truePeakDb'): readonly number[] {
  const readings: number[] = [];
  through(loudness({ onLoudness: (reading) => readings.push(reading[figure]) }), samples, channels, () => {});
  return readings;
}

function sines(stretches: readonly Stretch[]): Int16Array {
  const samples: number[] = [];
  let index = 0;
  for (const [seconds, ...levels] of stretches) {
    const gains = levels.map((dbfs) => 32_768 * 10 ** (dbfs / 20));
    for (let left = Math.round(seconds * sampleRate); left > 0; left--, index++) {
      const wave = Math.sin((2 * Math.PI * 1_000 * index) / sampleRate);
      for (const gain of gains) samples.push(Math.round(gain * wave));
    }
  }
  return Int16Array.from(samples);
}

/** Half a second with ramps of 50 ms, which have no peak of their own. */
function faded(part: number, degrees: number, amplitude: number): Int16Array {
  const length = sampleRate / 2;
  return Int16Array.from({ length }, (_, index) => {
    const ramp = Math.min(1, index / 2_400, (length - 1 - index) / 2_400);
    const value = amplitude * ramp * Math.sin(2 * Math.PI * (index / part + degrees / 360));
    return Math.max(-32_768, Math.min(32_767, Math.round(32_768 * value)));
  });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureTone, testTone } from '@sluice/core/testing';
import {
  agc,
  compressor,
  equalizer,
  loudness,
  timeStretch,
  toSpectrogramPicture,
  toWaveformPicture,
} from '@sluice/plugin-sound';
import { ffmpegMs, ffmpegSound } from '../measuring/ffmpeg.ts';
import type { Bench, BenchOptions, Report } from '../measuring/report.ts';
import { compareLoudness } from './toolbox-loudness.ts';
import { compareShapes } from './toolbox-shapes.ts';
import { framesOf, type Operator, sampleRate, shaped, through, voice, written } from './toolbox-signals.ts';

/** Each operator beside the filter that does the same, or the nearest to it. */
const pairs: readonly (readonly [name: string, make: () => Operator, filter: string, peer: string])[] = [
  ['loudness', () => loudness(), 'ebur128=peak=true', 'ffmpeg ebur128'],
  ['loudness without true peak', () => loudness({ truePeak: false }), 'ebur128', 'ffmpeg ebur128'],
  [
    'equalizer, 3 bands',
    () =>
      equalizer({
        bands: [
          { type: 'high-pass', frequency: 80 },
          { type: 'peaking', frequency: 1_000, db: 4 },
          { type: 'high-shelf', frequency: 6_000, db: -6 },
        ],
      }),
    'highpass=f=80,equalizer=f=1000:t=q:w=1:g=4,treble=f=6000:g=-6',
    'ffmpeg highpass, equalizer, treble',
  ],
  [
    'compressor',
    () => compressor({ thresholdDb: -30, ratio: 3, makeupDb: 6 }),
    'acompressor=threshold=0.0316:ratio=3:attack=5:release=120:makeup=2',
    'ffmpeg acompressor',
  ],
  ['agc', () => agc(), 'speechnorm', 'ffmpeg speechnorm'],
  ['time stretch at 1.25', () => timeStretch({ rate: 1.25 }), 'atempo=1.25', 'ffmpeg atempo'],
  ['time stretch at 0.8', () => timeStretch({ rate: 0.8 }), 'atempo=0.8', 'ffmpeg atempo'],
];

const tones = [137, 443, 1_237];
const rates = [0.7, 1.3, 1.9];

/** Speed of what shapes and measures sound in frames of 20 ms, and how exact it is, beside filters of ffmpeg. */
export const toolbox: Bench = {
  name: 'toolbox',
  async run(report, options) {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-toolbox-'));
    try {
      const found = await compareSpeed(report, options, folder);
      if (!found) options.note('ffmpeg is not installed: no figures of a peer');
      await comparePictures(report, options, folder);
      await compareTones(report, folder);
      await compareLoudness(report, folder);
      await compareShapes(report, folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function compareSpeed(report: Report, { quick }: BenchOptions, folder: string): Promise<boolean> {
  let found = false;
  for (const channels of quick ? [1] : [1, 2]) {
    const seconds = quick ? 60 : 180;
    const samples = voice(seconds, channels);
    const sound = { path: written(folder, 'voice.raw', samples), sampleRate, channels };
    for (const [name, make, filter, peer] of pairs) {
      const theirs = await ffmpegMs(sound, filter, 3);
      found ||= theirs !== undefined;
      // In turn with theirs, so that what else the machine does meets both; the best of each.
      const ours = Math.min(...[1, 2, 3].map(() => operatorMs(make(), samples, channels)));
      const value = theirs && { name: peer, value: (seconds * 1_000) / theirs };
      const metric = `${name}, ${channels === 1 ? 'mono' : 'stereo'}`;
      report(metric, (seconds * 1_000) / ours, 'x real time', value || undefined, 'higher');
    }
  }
  return found;
}

async function comparePictures(report: Report, { quick }: BenchOptions, folder: string): Promise<void> {
  // The peer takes as long as the sound for its spectrogram.
  const seconds = quick ? 10 : 30;
  const samples = voice(seconds, 1);
  const sound = { path: written(folder, 'voice.raw', samples), sampleRate, channels: 1 };
  const size = { width: 1_000, height: 300 };
  for (const [name, make, filter] of [
    ['spectrogram picture', () => toSpectrogramPicture(join(folder, 's.png'), size), 'showspectrumpic=s=1000x300'],
    ['waveform picture', () => toWaveformPicture(join(folder, 'w.png'), size), 'showwavespic=s=1000x300'],
  ] as const) {
    let ours = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 3; round++) {
      const sink = make();
      const start = process.cpuUsage();
      for (const frame of framesOf(samples, 1)) sink.next(frame);
      sink.complete();
      await sink.finished;
      ours = Math.min(ours, processorMs(start));
    }
    const theirs = await ffmpegMs(sound, filter, 1);
    const peer = theirs && { name: `ffmpeg ${filter.split('=')[0]}`, value: (seconds * 1_000) / theirs };
    report(name, (seconds * 1_000) / ours, 'x real time', peer || undefined, 'higher');
  }
}

async function compareTones(report: Report, folder: string): Promise<void> {
  for (const rate of rates) {
    let [ours, theirs] = [0, 0];
    for (const frequency of tones) {
      const tone = testTone({ sampleRate, frequency, durationMs: 2_500 });
      const sound = { path: written(folder, 'tone.raw', tone), sampleRate, channels: 1 };
      ours += cleanness(shaped(timeStretch({ rate }), tone), frequency) / tones.length;
      const other = await ffmpegSound(sound, `atempo=${rate}`, join(folder, 'stretched.raw'));
      theirs += other === undefined ? Number.NaN : cleanness(other, frequency) / tones.length;
    }
    const peer = Number.isNaN(theirs) ? undefined : { name: 'ffmpeg atempo', value: theirs };
    report(`tones at ${rate} times the tempo, SNR over 100 ms`, ours, 'dB', peer, 'higher');
  }
}

/** Mean SNR of stretches of 100 ms. */
function cleanness(samples: Int16Array, frequency: number): number {
  const length = sampleRate / 10;
  const parts = Array.from({ length: 8 }, (_, index) => samples.subarray((index + 2) * length, (index + 3) * length));
  return parts.reduce((sum, part) => sum + measureTone(part, sampleRate, frequency).snr, 0) / parts.length;
}

/** Milliseconds of processor time since then. */
function processorMs(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

function operatorMs(operator: Operator, samples: Int16Array, channels: number): number {
  const start = process.cpuUsage();
  through(operator, samples, channels, () => {});
  return processorMs(start);
}

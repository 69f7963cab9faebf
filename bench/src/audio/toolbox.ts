import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AudioFrame, samplesToMicros } from '@sluice/core';
import { measureTone, seededRandom, testTone } from '@sluice/core/testing';
import {
  agc,
  compressor,
  equalizer,
  loudness,
  timeStretch,
  toSpectrogramPicture,
  toWaveformPicture,
} from '@sluice/plugin-sound';
import { type OperatorFunction, Subject } from 'rxjs';
import { ffmpegMs, ffmpegSound } from '../measuring/ffmpeg.ts';
import type { Bench, BenchOptions, Report } from '../measuring/report.ts';

type Operator = OperatorFunction<AudioFrame, AudioFrame>;

const sampleRate = 48_000;
const frameLength = sampleRate / 50;

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

/** Speed of what shapes and measures sound in frames of 20 ms, and how clean stretched tones are, beside filters of ffmpeg. */
export const toolbox: Bench = {
  name: 'toolbox',
  async run(report, options) {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-toolbox-'));
    try {
      const found = await compareSpeed(report, options, folder);
      if (!found) options.note('ffmpeg is not installed: no figures of a peer');
      await comparePictures(report, options, folder);
      await compareTones(report, folder);
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
      ours += cleanness(stretched(tone, rate), frequency) / tones.length;
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

function stretched(samples: Int16Array, rate: number): Int16Array {
  const all: number[] = [];
  through(timeStretch({ rate }), samples, 1, (frame) => all.push(...frame.samples));
  return Int16Array.from(all);
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

function through(operator: Operator, samples: Int16Array, channels: number, see: (frame: AudioFrame) => void): void {
  const source = new Subject<AudioFrame>();
  source.pipe(operator).subscribe((frame) => {
    see(frame);
    frame.close();
  });
  for (const frame of framesOf(samples, channels)) source.next(frame);
  source.complete();
}

function* framesOf(samples: Int16Array, channels: number): Generator<AudioFrame> {
  const size = frameLength * channels;
  for (let at = 0; at < samples.length; at += size)
    yield new AudioFrame({
      samples: samples.subarray(at, at + size),
      sampleRate,
      channels,
      timestamp: samplesToMicros(at / channels, sampleRate),
    });
}

/** Syllables of harmonics with noise on them, and pauses. */
function voice(seconds: number, channels: number): Int16Array {
  const random = seededRandom(1);
  const samples = new Int16Array(seconds * sampleRate * channels);
  const syllable = sampleRate / 5;
  let [loud, pitch] = [0, 120];
  for (let index = 0; index < seconds * sampleRate; index++) {
    if (index % syllable === 0) {
      loud = random() < 0.25 ? 0 : 2_000 + 7_000 * random();
      pitch = 90 + 80 * random();
    }
    const angle = (2 * Math.PI * pitch * index) / sampleRate;
    const wave = Math.sin(angle) + 0.5 * Math.sin(2 * angle) + 0.3 * Math.sin(5 * angle) + 0.2 * (random() - 0.5);
    const envelope = Math.sin((Math.PI * (index % syllable)) / syllable);
    samples.fill(Math.round(loud * envelope * wave), index * channels, (index + 1) * channels);
  }
  return samples;
}

function written(folder: string, name: string, samples: Int16Array): string {
  const path = join(folder, name);
  writeFileSync(path, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  return path;
}

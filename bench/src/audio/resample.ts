// What sound costs: resampling beside its peers, pacing for an hour. No picture.

import type { Bench, BenchOptions, Report } from '../measuring/report.ts';
import { most } from '../measuring/rounds.ts';
import { type ConverterFactory, liveKit, releaseLiveKit, sluice, sluiceSharp } from './resample-converters.ts';
import { resampleQuality, samplesLost } from './resample-quality.ts';
import { gstreamerSpeed, speed } from './resample-speed.ts';

const pairs = [
  [48_000, 16_000],
  [16_000, 48_000],
  [44_100, 48_000],
  [24_000, 16_000],
] as const;

const rounds = 3;
const soxr = 'LiveKit soxr HIGH';
const gstreamer = 'GStreamer audioresample q8';

/** Speed in frames of 20 ms and quality of the resampler, by default and `sharp`, beside LiveKit's and GStreamer's. */
export const bench: Bench = {
  name: 'resample',
  async run(report, options) {
    const other = await liveKit();
    if (other === undefined) options.note('@livekit/rtc-node does not load: no rows for it');
    try {
      await compareSpeed(report, options, other);
      compareQuality(report, other);
    } finally {
      if (other !== undefined) await releaseLiveKit();
    }
  },
};

async function compareSpeed(report: Report, { quick, note }: BenchOptions, other?: ConverterFactory): Promise<void> {
  const budgetMs = quick ? 40 : 150;
  let missing = false;
  for (const [inputRate, outputRate] of pairs) {
    for (const channels of [1, 2]) {
      const from = { sampleRate: inputRate, channels };
      const to = { sampleRate: outputRate, channels };
      const metric = `${title(inputRate, outputRate)} ${channels === 1 ? 'mono' : 'stereo'}`;
      // In turn, so that what else the machine does meets all; the best of each.
      const [own, sharp, others]: number[][] = [[], [], []];
      for (let round = 0; round < rounds; round++) {
        own!.push(speed(sluice, from, to, budgetMs));
        sharp!.push(speed(sluiceSharp, from, to, budgetMs));
        if (other !== undefined) others!.push(speed(other, from, to, budgetMs));
      }
      const ours = most(own!);
      const peer = other && { name: soxr, value: most(others!).value };
      report(metric, ours, 'x real time', peer, 'higher');
      report(`${metric}, sharp`, most(sharp!), 'x real time', peer, 'higher');
      if (quick && channels === 2) continue;
      const third = await gstreamerSpeed(from, to, quick ? 1 : rounds);
      if (third !== undefined) report(metric, ours, 'x real time', { name: gstreamer, value: third }, 'higher');
      missing ||= third === undefined;
    }
  }
  if (missing) note('gst-launch-1.0 is not installed: no rows for audioresample');
}

function compareQuality(report: Report, other?: ConverterFactory): void {
  for (const [inputRate, outputRate] of pairs) {
    const from = { sampleRate: inputRate, channels: 1 };
    const to = { sampleRate: outputRate, channels: 1 };
    const theirs = other && resampleQuality(other, from, to);
    const beside = (value: number | undefined) => (value === undefined ? undefined : { name: soxr, value });
    const ways = [
      ['', sluice],
      [', sharp', sluiceSharp],
    ] as const;
    for (const [way, create] of ways) {
      const metric = (what: string) => `${title(inputRate, outputRate)} ${what}${way}`;
      const ours = resampleQuality(create, from, to);
      report(metric('SNR at 1 kHz'), ours.snr, 'dB', beside(theirs?.snr), 'higher');
      report(metric('gain at 0.9 Nyquist'), ours.gain, 'dB', beside(theirs?.gain), 'higher');
      report(metric('worst alias'), ours.alias, 'dB', beside(theirs?.alias), 'lower');
      report(metric('delay'), ours.delayMs, 'ms', beside(theirs?.delayMs), 'lower');
      report(metric('samples lost in an hour'), samplesLost(create, from, to, 3600), 'samples', undefined, 'lower');
    }
  }
}

function title(inputRate: number, outputRate: number): string {
  return `${inputRate / 1000} -> ${outputRate / 1000} kHz`;
}

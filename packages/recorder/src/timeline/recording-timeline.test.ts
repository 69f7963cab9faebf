import { AudioFrame, type Gap, graph, micros, pushSource, samplesToMicros } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { mixer, toFrames } from '@sluice/nodes';
import { beforeEach, describe, expect, it } from 'vitest';
import { RecordingTimeline } from './recording-timeline.ts';

const RATE = 16_000;
let clock: VirtualClock;
let timeline: RecordingTimeline;

beforeEach(() => {
  clock = new VirtualClock();
  timeline = new RecordingTimeline({ clock, sampleRate: RATE, channels: 1 });
});

/** Somebody who speaks: 20 ms each 20 ms, from one time to another, with a break. */
function speaker(value: number, fromMs: number, toMs: number, [breakMs, resumeMs] = [toMs, toMs]) {
  const format = { kind: 'audio', sampleRate: RATE, channels: 1 } as const;
  return pushSource<AudioFrame>({ name: 'speaker', live: true, format }, (destination) => {
    let gap: Gap | undefined;
    for (let ms = fromMs; ms < toMs; ms += 20) {
      if (ms >= breakMs && ms < resumeMs) continue;
      const due = ms;
      clock.at(due + 20, () => {
        gap = due === resumeMs ? { duration: micros((resumeMs - breakMs) * 1_000), reason: 'disconnected' } : undefined;
        const timestamp = micros((due - fromMs) * 1_000);
        const samples = new Int16Array(RATE / 50).fill(value);
        destination.next(new AudioFrame({ samples, sampleRate: RATE, channels: 1, timestamp, gap }));
      });
    }
    clock.at(toMs + 150, () => destination.complete());
    return () => {};
  });
}

/** A file as a WAV would be: gaps are silence. */
function samplesOf(frames: readonly AudioFrame[]): number[] {
  return frames.flatMap(({ samples, gap }) => {
    const missing = Math.round(((gap?.duration ?? 0) * RATE) / 1e6);
    return [...new Array<number>(missing).fill(0), ...samples];
  });
}

/** Where the value changes, in milliseconds, with the value. */
const steps = (samples: readonly number[]) =>
  samples.flatMap((value, n) => (value === (n === 0 ? 0 : samples[n - 1]) ? [] : [[n / 16, value]]));

describe('RecordingTimeline', () => {
  it('puts tracks that come and go on one line, of one length, and all of them into the mix', async () => {
    const bot = graph('recording', { clock });
    const mix = bot.add(mixer({ sampleRate: RATE, frameMs: 20, timing: 'inputs' }));
    const mixed = toFrames<AudioFrame>();
    bot
      .from(timeline.ruler)
      .with({ link: { capacity: { ms: 10_000 } } })
      .to(mix.input('ruler'));
    mix.out.out.to(mixed);
    await bot.start();
    timeline.start();
    const files: ReturnType<typeof toFrames<AudioFrame>>[] = [];
    const add = async (source: ReturnType<typeof speaker>) => {
      const voice = timeline.add();
      const file = toFrames<AudioFrame>();
      files.push(file);
      await bot.change((edit) => {
        edit.from(source).to(voice.heard);
        edit
          .from(voice.track)
          .with({ link: { capacity: { ms: 30_000 } } })
          .to(file);
      });
      await bot.change((edit) => {
        const startAt = samplesToMicros(timeline.entry, RATE);
        edit.from(voice.mixedFrom(timeline.entry)).to(mix.input(`voice-${files.length}`, { startAt }));
      });
      return voice;
    };
    const voices = [await add(speaker(100, 300, 7_000, [2_000, 3_500]))];
    await clock.advance(2_340);
    voices.push(await add(speaker(1_000, 2_500, 4_000)));
    await clock.advance(2_000);
    voices.push(await add(speaker(10_000, 20_000, 20_001)));
    await clock.advance(3_667);
    expect(timeline.end()).toBe(8 * RATE);
    await clock.run({ until: bot.stop(), limitMs: 5_000 });
    const [one, two, three] = await Promise.all(files.map(async ({ finished }) => samplesOf(await finished)));
    expect(steps(one!)).toEqual([
      [300, 100],
      [2_000, 0],
      [3_500, 100],
      [7_000, 0],
    ]);
    expect(steps(two!)).toEqual([
      [2_500, 1_000],
      [4_000, 0],
    ]);
    expect(steps(three!)).toEqual([]);
    const all = samplesOf(await mixed.finished);
    for (const file of [one, two, three, all]) expect(file).toHaveLength(8 * RATE);
    expect(steps(all)).toEqual([
      [300, 100],
      [2_000, 0],
      [2_500, 1_000],
      [3_500, 1_100],
      [4_000, 100],
      [7_000, 0],
    ]);
    expect(voices[0]!.line.gaps).toEqual([{ at: 32_000, samples: 24_000 }]);
    expect(voices.map(({ line }) => [line.first, line.lost])).toEqual([
      [4_800, 0],
      [40_000, 0],
      [undefined, 0],
    ]);
  });

  it('has the length of the time that passed after hours, a standstill included', async () => {
    const bot = graph('recording', { clock });
    let samples = 0;
    bot.from(timeline.ruler).to({
      next: (frame) => {
        samples += frame.length;
        expect(frame.timestamp).toBe(samplesToMicros(samples - frame.length, RATE));
      },
    });
    await bot.start();
    timeline.start();
    await clock.advance(3 * 3_600_000 + 1_237);
    expect(timeline.end()).toBe(3 * 3_600 * RATE + 1.22 * RATE);
    expect(timeline.end()).toBe(samples);
    await clock.run({ until: bot.stop(), limitMs: 5_000 });
  });
});

import {
  type AudioFrame,
  createSink,
  AudioFrame as Frame,
  graph,
  pullSource,
  pushSource,
  samplesToMicros,
} from '@sluice/core';
import { findGaps, VirtualClock } from '@sluice/core/testing';
import { resample } from '@sluice/nodes';
import { toMicrophone } from '@sluice/transport';
import { virtualDevices } from '@sluice/transport/testing';
import { expect } from 'vitest';
import type { FaultRow } from '../fault-row.ts';

const HZ = 440;
const RATE = 16_000;
const AMPLITUDE = 8_000;

type Format = readonly [sampleRate: number, channels: number];

const formatChanges: readonly (readonly Format[])[] = [
  [
    [48_000, 1],
    [16_000, 1],
    [8_000, 2],
  ],
  [
    [8_000, 2],
    [48_000, 1],
    [44_100, 2],
  ],
  [
    [16_000, 1],
    [16_000, 2],
    [44_100, 1],
  ],
];

/** 20 ms frame number `index` of a tone that goes on, whatever the formats. */
function toneFrame(index: number, [sampleRate, channels]: Format, amplitude = AMPLITUDE): AudioFrame {
  const length = sampleRate / 50;
  const samples = new Int16Array(length * channels);
  for (let n = 0; n < length; n++) {
    const value = Math.round(amplitude * Math.sin(2 * Math.PI * HZ * (index / 50 + n / sampleRate)));
    samples.fill(value, n * channels, (n + 1) * channels);
  }
  return new Frame({ samples, sampleRate, channels, timestamp: samplesToMicros(index * length, sampleRate) });
}

/** What a sink that takes 16 kHz mono gets of half a second in each format. */
async function convert(formats: readonly Format[]): Promise<Int16Array> {
  const frames = formats.flatMap((format, part) =>
    Array.from({ length: 25 }, (_, index) => toneFrame(part * 25 + index, format)),
  );
  const chunks: Int16Array[] = [];
  const bot = graph('changing');
  bot.from(pullSource<AudioFrame>({ name: 'changing' }, () => ({ read: () => frames.shift() ?? null }))).to(
    createSink<AudioFrame, void>({
      name: 'picky',
      accepts: { kind: 'audio', sampleRate: RATE, channels: 1 },
      open: () => ({ write: ({ samples }) => void chunks.push(samples), end() {} }),
    }),
  );
  await bot.run();
  return Int16Array.from(chunks.flatMap((chunk) => [...chunk]));
}

/** The largest difference from the tone, in dBFS; the first and the last frame are those of a filter that begins and ends. */
function strayDbfs(samples: Int16Array): number {
  let most = 0;
  for (let n = RATE / 50; n < samples.length - RATE / 50; n++)
    most = Math.max(most, Math.abs(samples[n]! - AMPLITUDE * Math.sin((2 * Math.PI * HZ * n) / RATE)));
  return 20 * Math.log10(most / 32_768);
}

/** A live source: frames of a tone each 20 ms but for a pause from frame `at` on. */
const speaking = (
  clock: VirtualClock,
  count: number,
  pause?: { readonly at: number; readonly ms: number },
  amplitude = AMPLITUDE,
) =>
  pushSource<AudioFrame>(
    { name: 'speaking', format: { kind: 'audio', sampleRate: RATE, channels: 1 } },
    (destination) => {
      let [index, cancel] = [0, () => {}];
      const tick = () => {
        const frame = toneFrame(index++, [RATE, 1], amplitude);
        // Before the frame goes out: who has enough of it cancels this one too.
        if (index < count) cancel = clock.at(clock.now() + 20 + (index === pause?.at ? pause.ms : 0), tick);
        destination.next(frame);
        if (index === count) destination.complete();
      };
      cancel = clock.at(clock.now() + 20, tick);
      return () => cancel();
    },
  );

/** Sound that changes, stops, or never comes. */
export const soundRows: readonly FaultRow[] = [
  {
    id: 'M1',
    fault: 'Another rate or other channels in mid-stream',
    happens: 'The converter of the link is exchanged; no sample more or less, and no click',
    bound: '0 ms; below -40 dBFS',
    check: async (measured) => {
      let worst = Number.NEGATIVE_INFINITY;
      for (const formats of formatChanges) {
        const samples = await convert(formats);
        expect(samples.length).toBe((formats.length * RATE) / 2);
        worst = Math.max(worst, strayDbfs(samples));
      }
      measured('beside the tone', worst, 'dBFS');
      expect(worst).toBeLessThan(-40);
    },
  },
  {
    id: 'M4',
    fault: 'Ten minutes of digital silence',
    happens: 'Nothing ends and nothing drifts: silence is media like any other',
    bound: '0 samples',
    check: async (measured) => {
      const clock = new VirtualClock();
      let [played, loudest] = [0, 0];
      const devices = virtualDevices({
        clock,
        keep: false,
        onSound: ({ samples }) => {
          played += samples.length;
          for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
        },
      });
      const bot = graph('silent', { clock });
      const microphone = devices.createMicrophoneDevice('microphone', { sampleRate: 48_000 });
      const sink = toMicrophone(microphone);
      bot
        .from(speaking(clock, 30_000, undefined, 0))
        .pipe(resample({ sampleRate: 48_000 }))
        .to(sink);
      const done = bot.run();
      await clock.advance(599_000);
      expect(bot.status).toBe('running');
      expect(bot.inspect().problems).toEqual([]);
      await clock.run({ until: done });
      expect(await sink.finished).toEqual({ playedMs: 600_000, droppedMs: 0 });
      measured('underruns', microphone.counters.underruns, '');
      expect([loudest, microphone.counters.underruns]).toEqual([0, 0]);
      expect(played).toBeGreaterThanOrEqual(600 * 48_000);
      await devices.close();
    },
  },
  {
    id: 'M5',
    fault: 'A source gives nothing for 5 s',
    happens:
      'What was there is played to its end, then silence; afterwards the next sample, in real time: no burst, nothing lost',
    bound: 'silence of 5 s +-80 ms: a writer in time is waited for up to 70',
    check: async (measured) => {
      const clock = new VirtualClock();
      const devices = virtualDevices({ clock });
      const bot = graph('starving', { clock });
      const sink = toMicrophone(devices.createMicrophoneDevice('microphone', { sampleRate: RATE }));
      bot.from(speaking(clock, 100, { at: 50, ms: 5_000 })).to(sink);
      const done = bot.run();
      await clock.run({ until: done });
      expect(await sink.finished).toEqual({ playedMs: 2_000, droppedMs: 0 });
      const { samples } = devices.host.sent[0]!;
      const { gaps } = findGaps(samples, { sampleRate: RATE, ignoreEdges: true });
      expect(gaps).toHaveLength(1);
      const { durationMs } = gaps[0]!;
      measured('silence', durationMs, 'ms');
      expect(Math.abs(durationMs - 5_000)).toBeLessThan(80);
      await devices.close();
    },
  },
  {
    id: 'M6',
    fault: 'Times that jump, repeat or go back',
    happens:
      'Sound counts its samples and follows an input that strays; pictures begin a new schedule; times that are no numbers are refused',
    bound: 'monotone downstream',
    heldBy: [
      {
        file: 'packages/nodes/src/audio/resample.test.ts',
        test: 'counts timestamps from samples, and follows the input where it strays',
      },
      {
        file: 'packages/nodes/src/flow/pace.test.ts',
        test: 'begins where the stream begins, and goes on behind the last one when time goes back',
      },
      {
        file: 'packages/transport/src/graph/picture-schedule.test.ts',
        test: 'nothing is due in the past, nothing overtakes, and nothing is off by more than its own lateness, for hours',
      },
      {
        file: 'packages/transport/src/graph/picture-ends.test.ts',
        test: 'begins anew after a stall and when time goes back; what is interrupted while it waits is not shown',
      },
      { file: 'packages/core/src/media/video-frame.test.ts', test: 'have no times that are none' },
    ],
  },
  {
    id: 'M11',
    fault: 'The first frames of a track come at another rate, before its own is known',
    happens: 'The rate of a track stays, and nothing of the change is heard',
    bound: 'no click',
    heldBy: {
      file: 'packages/transport/src/host/engine/steady-rate.test.ts',
      test: 'a call that comes and goes changes no rate, and is not heard as a click',
    },
  },
];

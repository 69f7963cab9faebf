import { expect, test } from 'vitest';
import type { StatsReport } from './connection-stats.ts';
import { SoundDelay } from './sound-delay.ts';

interface Track {
  /** Milliseconds that each lay between arrival and delivery. */
  readonly delayMs: number;
  readonly count: number;
  readonly playout?: number;
}

/** What the engine says of a microphone on `0` and a camera on `1`. */
function report(sound: Track, pictures: Track): StatsReport {
  return new Map<string, Record<string, unknown>>([
    [
      'a',
      {
        type: 'inbound-rtp',
        mid: '0',
        jitterBufferDelay: (sound.delayMs * sound.count) / 1000,
        jitterBufferEmittedCount: sound.count,
        estimatedPlayoutTimestamp: sound.playout,
      },
    ],
    [
      'v',
      {
        type: 'inbound-rtp',
        mid: '1',
        totalProcessingDelay: (pictures.delayMs * pictures.count) / 1000,
        framesDecoded: pictures.count,
        estimatedPlayoutTimestamp: pictures.playout,
      },
    ],
  ]);
}

/** The second of two measurements. */
function measured(from: StatsReport, to: StatsReport): number | undefined {
  const delay = new SoundDelay();
  expect(delay.measure(from, '0', '1')).toBeUndefined();
  return delay.measure(to, '0', '1');
}

test('counts delays from arrival until the sender has said how its dates relate', () => {
  const from = report({ delayMs: 40, count: 48_000 }, { delayMs: 10, count: 30 });
  const to = report({ delayMs: 40, count: 96_000 }, { delayMs: 10, count: 60 });
  expect(measured(from, to)).toBeCloseTo(40 - 10 + 5);
});

test('then goes by the dates of what comes out, and by what they leave out', () => {
  const from = report({ delayMs: 40, count: 48_000 }, { delayMs: 10, count: 30 });
  const at = (sound: number, pictures: number) =>
    report({ delayMs: 40, count: 96_000, playout: sound }, { delayMs: 10, count: 60, playout: pictures });
  expect(measured(from, at(5_000, 5_000))).toBeCloseTo(16.5);
  expect(measured(from, at(5_000, 5_020))).toBeCloseTo(36.5);
  expect(measured(from, at(5_050, 5_000))).toBeCloseTo(-33.5);
});

test('says nothing while one of both stands still or is not there', () => {
  const from = report({ delayMs: 40, count: 48_000 }, { delayMs: 10, count: 30 });
  expect(measured(from, report({ delayMs: 40, count: 48_000 }, { delayMs: 10, count: 60 }))).toBeUndefined();
  expect(measured(from, report({ delayMs: 40, count: 96_000 }, { delayMs: 10, count: 30 }))).toBeUndefined();
  expect(measured(from, new Map())).toBeUndefined();
});

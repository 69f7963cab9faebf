import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AudioFrame, graph, type Micros, samplesToMicros, sleep } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { fromFrames, toWavFile } from '@sluice/nodes';
import { describe, expect, it } from 'vitest';
import { SoakGraph } from './virtual/soak-graph.ts';
import type { SoakFaultKind } from './virtual/soak-plan.ts';

/** When a counter of the field wraps, in milliseconds: in its own unit, at 48 kHz and 50 packets a second. */
const wraps = {
  'the sequence of RTP, 16 bits': 2 ** 16 * 20,
  'microseconds in 32 bits': 2 ** 32 / 1_000,
  'the index of a sample in 31 bits': 2 ** 31 / 48,
  'the time of RTP at 90 kHz, 32 bits': 2 ** 32 / 90,
  'the time of RTP at 48 kHz, 32 bits': 2 ** 32 / 48,
  'the longest delay of setTimeout, 31 bits of milliseconds': 2 ** 31,
} as const;

/** Of what the voice says: a graph that begins at a multiple of it hears the same. */
const PERIOD_MS = 2_000;
const LASTS_MS = 8_000;
const faults: readonly (readonly [atMs: number, kind: SoakFaultKind])[] = [
  [700, 'format changes'],
  [1_500, 'node throws'],
  [2_100, 'branch comes'],
  [3_000, 'source starves'],
  [3_900, 'sink stalls'],
  [4_100, 'interrupt'],
  [5_000, 'node restarts'],
];

/** What a graph puts out that begins at a time, of the clock and of its media. */
async function outputFrom(startMs: number) {
  const clock = new VirtualClock(startMs);
  const soak = new SoakGraph({ clock, seed: 3, startMs });
  await soak.graph.start();
  let at = 0;
  for (const [atMs, kind] of faults) {
    await clock.advance(atMs - at);
    at = atMs;
    await soak.break({ kind, atMs, ms: 500, choice: 0.3 });
  }
  await clock.advance(LASTS_MS - at);
  await soak.close();
  const { recorder, utterances, settled, begins, ends } = soak;
  expect(recorder.broken).toEqual([]);
  return { digest: soak.digest(), samples: recorder.samples, utterances, settled, begins, ends };
}

describe('a graph across the wraps of counters', () => {
  const atZero = outputFrom(0);

  it.each(Object.entries(wraps))('puts out the same across %s', async (_, wrapMs) => {
    const startMs = Math.floor(wrapMs / PERIOD_MS) * PERIOD_MS - PERIOD_MS;
    expect(startMs + LASTS_MS).toBeGreaterThan(wrapMs + PERIOD_MS);
    expect(await outputFrom(startMs)).toEqual(await atZero);
  });

  it('is woken after more than the longest delay of setTimeout, and not before', async () => {
    const clock = new VirtualClock();
    let woken = Number.NaN;
    void sleep(clock, 2 ** 31 + 1_000).then(() => {
      woken = clock.now();
    });
    await clock.advance(2 ** 31);
    expect(woken).toBeNaN();
    await clock.advance(2_000);
    expect(woken).toBe(2 ** 31 + 1_000);
  });

  it('writes a WAV beyond 4 GiB as RF64, true to the sample', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-wrap-'));
    const path = join(folder, 'long.wav');
    const format = { sampleRate: 48_000, channels: 2 };
    const frame = (index: number, value: number, gapMs = 0) =>
      new AudioFrame({
        ...format,
        samples: new Int16Array(1_920).fill(value),
        timestamp: samplesToMicros(index, 48_000),
        ...(gapMs > 0 && { gap: { duration: (gapMs * 1_000) as Micros, reason: 'source' as const } }),
      });
    // Just short of 4 GiB, as a hole in the file.
    const missingMs = Math.floor(2 ** 32 / 192) - 30;
    const missing = missingMs * 48;
    const after = Array.from({ length: 5 }, (_, n) => frame(960 * (n + 1) + missing, n + 2, n === 0 ? missingMs : 0));
    try {
      const file = toWavFile(path);
      const bot = graph('long');
      bot.from(fromFrames([frame(0, 1), ...after])).to(file);
      await bot.run();
      const samples = 6 * 960 + missing;
      expect(await file.finished).toMatchObject({ samples, gaps: 1, ...format });
      expect(samples * 4).toBeGreaterThan(2 ** 32);
      const handle = await open(path);
      const head = Buffer.alloc(80);
      const tail = Buffer.alloc(3_840);
      const { size } = await handle.stat();
      await handle.read(head, 0, 80, 0);
      await handle.read(tail, 0, 3_840, size - 3_840);
      await handle.close();
      expect(head.toString('latin1', 0, 4)).toBe('RF64');
      expect(head.toString('latin1', 12, 16)).toBe('ds64');
      expect(head.readBigUInt64LE(28)).toBe(BigInt(samples * 4));
      expect(head.readBigUInt64LE(20)).toBe(BigInt(size - 8));
      expect(new Set(new Int16Array(tail.buffer, tail.byteOffset, 1_920))).toEqual(new Set([6]));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AudioFrame, graph } from '@sluice/core';
import { encode } from 'node-wav';
import { expect, test } from 'vitest';
import { toFrames } from '../sinks/to-frames.ts';
import { fromWav } from './from-wav.ts';
import { fromWavFile } from './from-wav-file.ts';

test('floats that are no numbers are silence, counted at the file or stream, and reported once', async () => {
  const floats = Float32Array.of(0.5, Number.NaN, 0, -0.5);
  const bytes = encode([floats], { sampleRate: 8_000, float: true, bitDepth: 32 });
  bytes.writeFloatLE(Number.POSITIVE_INFINITY, 44 + 8);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-floats-'));
  try {
    const path = join(folder, 'floats.wav');
    await writeFile(path, bytes);
    for (const source of [fromWavFile(path, { loop: 3 }), fromWav(bytes)]) {
      const bot = graph('floats');
      const sink = toFrames<AudioFrame>();
      bot.from(source).with({ name: 'end' }).to(sink);
      await bot.run();
      const samples = (await sink.finished).flatMap((frame) => [...frame.samples]);
      expect(samples.slice(0, 4)).toEqual([16_384, 0, 0, -16_384]);
      expect(bot.inspect().nodes[0]).toMatchObject({
        invalidSamples: samples.length / 2,
        errors: 1,
        lastErrorCode: 'SLUICE_SAMPLES_INVALID',
      });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

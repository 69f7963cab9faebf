import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type AudioFrame, graph } from '@sluice/core';
import { expectNoGaps, expectTone, samplesOf, VirtualClock } from '@sluice/core/testing';
import { fromTone, fromWavFile, toFrames } from '@sluice/nodes';
import { record } from './record.ts';

test('what is in the file is what was said', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'recorder-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'call.wav');
  const clock = new VirtualClock();
  const bot = graph('recorder', { clock });
  const recording = record(bot.from(fromTone({ frequency: 440, dBFS: -6, duration: 2, live: true })), file);
  const done = bot.run();
  await clock.run({ until: done });
  await done;
  assert.equal((await recording).duration, 2_000_000);

  const read = toFrames<AudioFrame>();
  fromWavFile(file).subscribe(read);
  const frames = await read.finished;
  const samples = samplesOf(frames, 0);
  assert.equal(frames[0]?.sampleRate, 16_000);
  expectTone(samples.subarray(320, -320), { sampleRate: 16_000, frequency: 440, minSnr: 50 });
  expectNoGaps(samples, { sampleRate: 16_000 });
});

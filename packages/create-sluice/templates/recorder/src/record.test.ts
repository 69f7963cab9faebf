import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type AudioFrame, type Graph, graph, micros, type Source } from '@sluice/core';
import { expectNoGaps, expectSilence, expectTone, samplesOf, VirtualClock } from '@sluice/core/testing';
import { fromFrames, fromTone, fromWavFile, toFrames } from '@sluice/nodes';
import { record } from './record.ts';

const sampleRate = 16_000;
const tone = (duration: number) => fromTone({ frequency: 440, dBFS: -6, duration, live: true });

/** Records what somebody says, until they have said it or the recording is ended; what is then in the file. */
async function recorded(
  t: TestContext,
  said: Source<AudioFrame>,
  end?: (bot: Graph, clock: VirtualClock) => Promise<void>,
) {
  const folder = await mkdtemp(join(tmpdir(), 'recorder-'));
  t.after(() => rm(folder, { recursive: true }));
  const clock = new VirtualClock();
  const bot = graph('recorder', { clock });
  const recording = record(bot.from(said), join(folder, 'call.wav'));
  const done = bot.run();
  await end?.(bot, clock);
  await clock.run({ until: done });
  await done;
  const { path, duration } = await recording;
  const read = toFrames<AudioFrame>();
  fromWavFile(path).subscribe(read);
  const frames = await read.finished;
  assert.equal(frames[0]?.sampleRate, sampleRate);
  return { duration, samples: samplesOf(frames, 0) };
}

test('what is in the file is what was said', async (t) => {
  const { duration, samples } = await recorded(t, tone(2));
  assert.equal(duration, 2_000_000);
  expectTone(samples.subarray(320, -320), { sampleRate, frequency: 440, minSnr: 50 });
  expectNoGaps(samples, { sampleRate });
});

test('while nobody is there the file goes on in silence', async (t) => {
  const read = toFrames<AudioFrame>();
  fromTone({ frequency: 440, dBFS: -6, duration: 2 }).subscribe(read);
  const frames = await read.finished;
  // A second of silence in the middle: nobody sent anything.
  const gap = { duration: micros(1_000_000), reason: 'disconnected' } as const;
  const said = frames.map((frame, at) =>
    at < 50 ? frame : frame.move({ timestamp: micros(frame.timestamp + 1_000_000), ...(at === 50 ? { gap } : {}) }),
  );
  const { duration, samples } = await recorded(t, fromFrames(said, { live: true }));
  assert.equal(duration, 3_000_000);
  for (const from of [0, 2 * sampleRate])
    expectTone(samples.subarray(from + 320, from + sampleRate - 320), { sampleRate, frequency: 440 });
  expectSilence(samples.subarray(sampleRate + 320, 2 * sampleRate - 320));
});

test('a recording that is ended in the middle has what was said until then', async (t) => {
  const { duration, samples } = await recorded(t, tone(60), async (bot, clock) => {
    await clock.advance(1_500);
    void bot.stop();
  });
  assert.ok(Math.abs(duration - 1_500_000) <= 20_000, `${duration} us`);
  expectTone(samples.subarray(320, -320), { sampleRate, frequency: 440 });
});

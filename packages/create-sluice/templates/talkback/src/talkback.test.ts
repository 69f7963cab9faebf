import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AudioFrame, graph } from '@sluice/core';
import { expectNoGaps, expectTone, probeSink, rms, samplesOf, toDbfs, VirtualClock } from '@sluice/core/testing';
import { fromTone } from '@sluice/nodes';
import { talkback } from './talkback.ts';

test('gives back what it hears, a second later and 3 dB softer', async () => {
  const clock = new VirtualClock();
  const bot = graph('talkback', { clock });
  const heard = probeSink<AudioFrame>();
  talkback(bot.from(fromTone({ frequency: 440, dBFS: -6, duration: 2, live: true })), heard.sink);
  const done = bot.run();
  await clock.run({ until: done });
  await done;
  const samples = samplesOf(heard.frames, 0);
  assert.equal(samples.length, 2 * 48_000);
  assert.deepEqual([heard.arrivals[0]?.at, heard.arrivals[1]?.at], [1_000, 1_020]);
  expectTone(samples, { sampleRate: 48_000, frequency: 440 });
  expectNoGaps(samples, { sampleRate: 48_000 });
  // A sine of -6 dBFS has an effective level 3 dB below its peaks.
  assert.ok(Math.abs(toDbfs(rms(samples)) - (-6 - 3 - 3)) < 0.1, `${toDbfs(rms(samples))} dBFS`);
});

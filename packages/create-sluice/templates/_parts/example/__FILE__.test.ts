import { test } from 'node:test';
import type { AudioFrame } from '@sluice/core';
import { unrecordedEnv } from '@sluice/core/session';
import { expectNoGaps, expectTone, probeSink, samplesOf, seededRandom, VirtualClock } from '@sluice/core/testing';
import program from './__FILE__.ts';

test('what should be heard is heard', async () => {
  const clock = new VirtualClock();
  const heard = probeSink<AudioFrame>();
  const env = unrecordedEnv({ clock, random: seededRandom(1) });
  // Whatever sink the program has, its sound comes here.
  const bot = program({ ...env, sink: () => heard.sink as never });
  const done = bot.run();
  await clock.run({ until: done });
  await done;
  const samples = samplesOf(heard.frames, 0);
  expectTone(samples, { sampleRate: 48_000, frequency: 440 });
  expectNoGaps(samples, { sampleRate: 48_000 });
});

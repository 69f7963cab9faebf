import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AudioFrame, graph } from '@sluice/core';
import { expectTone, probeSink, samplesOf, VirtualClock } from '@sluice/core/testing';
import { hello, tune } from './tune.ts';

test('plays its notes one after another, in their time and without a click', async () => {
  const clock = new VirtualClock();
  const bot = graph('tune', { clock });
  const heard = probeSink<AudioFrame>();
  bot.from(tune(hello)).to(heard.sink);
  const done = bot.run();
  await clock.run({ until: done });
  await done;
  const samples = samplesOf(heard.frames, 0);
  let from = 0;
  for (const { hz, seconds } of hello) {
    const end = from + seconds * 48_000;
    // Without the 10 ms in which it comes and goes.
    expectTone(samples.subarray(from + 480, end - 480), { sampleRate: 48_000, frequency: hz, minSnr: 50 });
    from = end;
  }
  assert.equal(samples.length, from);
  assert.deepEqual([heard.arrivals[0]?.at, heard.arrivals.at(-1)?.at], [0, 1_580]);
});

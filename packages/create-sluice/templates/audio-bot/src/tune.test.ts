import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AudioFrame, graph, type Source } from '@sluice/core';
import { expectNoGaps, expectTone, probeSink, samplesOf, VirtualClock } from '@sluice/core/testing';
import { fakeVoiceDetector } from '@sluice/core/voice';
import { fromTone } from '@sluice/nodes';
import { play } from './play.ts';
import { hello, type Note, tune } from './tune.ts';

const sampleRate = 48_000;

/** Plays to somebody, and gives what they heard, and when in milliseconds. */
async function played(music: Source<AudioFrame>, person: Source<AudioFrame>) {
  const clock = new VirtualClock();
  const bot = graph('audio-bot', { clock });
  const heard = probeSink<AudioFrame>();
  play(bot, { music, hears: bot.from(person), speaks: heard.sink, detector: fakeVoiceDetector() });
  const done = bot.run();
  await clock.run({ until: done });
  await done;
  return { samples: samplesOf(heard.frames, 0), at: heard.arrivals.map(({ at }) => at) };
}

const nobody = () => fromTone({ amplitude: 0, duration: 2, sampleRate: 16_000, live: true });
const somebody = () => fromTone({ frequency: 300, duration: 1, sampleRate: 16_000, live: true });

function expectTune(samples: Int16Array, notes: readonly Note[], minSnr: number): void {
  let from = 0;
  for (const { hz, seconds } of notes) {
    const end = from + seconds * sampleRate;
    // Without the 10 ms in which it comes and goes.
    expectTone(samples.subarray(from + 480, end - 480), { sampleRate, frequency: hz, minSnr });
    from = end;
  }
  assert.equal(samples.length, from);
}

test('plays its notes one after another, in their time and without a click', async () => {
  const { samples, at } = await played(tune(hello), nobody());
  expectTune(samples, hello, 50);
  assert.ok(at.at(-1)! >= 1_400 && at.at(-1)! <= 1_580, `the last at ${at.at(-1)} ms`);
});

test('waits while somebody speaks, and goes on without a sample lost', async () => {
  const { samples, at } = await played(tune(hello), somebody());
  // It fades where it waits.
  expectTune(samples, hello, 15);
  assert.ok(Math.max(...at.map((ms, index) => ms - (at[index - 1] ?? 0))) > 900, 'it did not wait');
});

test('plays a file of another rate at its pitch', async () => {
  const { samples } = await played(fromTone({ frequency: 440, dBFS: -6, duration: 1, sampleRate: 16_000 }), nobody());
  expectTone(samples.subarray(960, -960), { sampleRate: 16_000, frequency: 440 });
  expectNoGaps(samples, { sampleRate: 16_000 });
});

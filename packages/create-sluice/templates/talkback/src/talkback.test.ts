import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AudioFrame, audioFrame, graph, micros } from '@sluice/core';
import { expectNoGaps, expectTone, probeSink, samplesOf, VirtualClock } from '@sluice/core/testing';
import { fakeVoiceDetector } from '@sluice/core/voice';
import { fromFrames, fromTone } from '@sluice/nodes';
import { talkback } from './talkback.ts';

const sampleRate = 16_000;
const [greetingHz, voiceHz] = [300, 440];

/** Somebody who is silent and speaks in turn, in seconds; what they say is a tone. */
function* person(...seconds: readonly number[]): Generator<AudioFrame> {
  let at = 0;
  for (const [index, part] of seconds.entries())
    for (const end = at + Math.round(part * 50); at < end; at++) {
      const samples = Int16Array.from({ length: sampleRate / 50 }, (_, sample) =>
        index % 2 === 0 ? 0 : 16_000 * Math.sin(2 * Math.PI * voiceHz * (at / 50 + sample / sampleRate)),
      );
      yield audioFrame({ samples, sampleRate, channels: 1, timestamp: micros(at * 20_000) });
    }
}

/** Lets somebody talk with the bot: what is said to them from one millisecond to another, and what it told of interruptions. */
async function talk(...seconds: readonly number[]) {
  const clock = new VirtualClock();
  const bot = graph('talkback', { clock });
  const heard = probeSink<AudioFrame>();
  const cuts: number[] = [];
  talkback(bot, {
    hears: bot.from(fromFrames(person(...seconds), { live: true })),
    greeting: bot.from(fromTone({ frequency: greetingHz, dBFS: -6, duration: 2, sampleRate })),
    speaks: heard.sink,
    detector: fakeVoiceDetector(),
    onInterrupted: (heardMs) => cuts.push(heardMs),
  });
  const done = bot.run();
  await clock.run({ until: done });
  await done;
  const said = (from: number, to: number) => {
    const frames = heard.arrivals.filter(({ at }) => at >= from && at < to).map(({ frame }) => frame);
    return samplesOf(frames, 0);
  };
  return { said, cuts };
}

test('greets', async () => {
  const { said, cuts } = await talk(3);
  const greeting = said(0, 2_000);
  assert.equal(greeting.length, 2 * sampleRate);
  expectTone(greeting, { sampleRate, frequency: greetingHz });
  expectNoGaps(greeting, { sampleRate });
  assert.deepEqual(cuts, []);
});

test('says back what somebody said, when they have said it', async () => {
  const { said } = await talk(3, 1, 2);
  assert.equal(said(2_000, 4_400).length, 0);
  // What a gate lets through before and after what was said is silence.
  const back = said(4_400, 6_000);
  const voice = back.subarray(back.findIndex((sample) => sample > 1_000)).subarray(0, sampleRate);
  expectTone(voice, { sampleRate, frequency: voiceHz });
  expectNoGaps(voice, { sampleRate });
});

test('falls silent when somebody speaks, and says that back instead', async () => {
  const { said, cuts } = await talk(1, 1, 2);
  const [heardMs = 0, ...others] = cuts;
  assert.ok(heardMs >= 1_000 && heardMs < 1_100, `cut after ${heardMs} ms`);
  assert.deepEqual(others, []);
  assert.equal(said(1_100, 2_400).length, 0);
  expectTone(said(2_900, 3_300), { sampleRate, frequency: voiceHz });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { graph } from '@sluice/core';
import { fromFrames, SayQueue, speak } from '@sluice/nodes';
import { flite } from '@sluice/plugin-flite';
import { Daily, toMicrophone } from '@sluice/transport';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('writes down what is said', async () => {
  const run = smoke.start('transcriber');
  await smoke.arrival();
  await run.told(/(listening)/);
  const microphone = Daily.createMicrophoneDevice('person', { sampleRate: 16_000 });
  await smoke.peer.updateInputs({ microphone: { isEnabled: true, settings: { deviceId: 'person' } } });
  // The far side's jitter buffer finds its size meanwhile.
  await sleep(1_000);
  const sink = toMicrophone(microphone);
  const person = graph('person');
  const queue = new SayQueue({ clock: person.clock, receipt: (id) => sink.utterance(id) });
  const mouth = person.add(speak({ synthesizer: flite() }));
  person.from(fromFrames(queue.frames(), { external: false })).to(mouth.in.in);
  mouth.out.spoken.to({ next: queue.onSpoken });
  mouth.out.audio.to(sink);
  await person.start();
  // Who is not understood says it again: where the machine stands still for a moment, a hole is heard instead of a word.
  for (const text of ['hello', 'switch the light on'])
    for (let times = 0; times < 4 && !run.output.includes(`s  ${text}\n`); times++) {
      await queue.say(text).finished;
      await sleep(1_500);
    }
  queue.close();
  await person.stop();
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
  expect(run.output.toString()).toMatch(/ s {2}hello\n(.*\n)* .* s {2}switch the light on\n/);
  expect(run.output.toString()).not.toMatch(/ s {2}\n/);
});

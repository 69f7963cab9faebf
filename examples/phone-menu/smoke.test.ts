import { setTimeout as sleep } from 'node:timers/promises';
import { graph } from '@sluice/core';
import { fromDtmf } from '@sluice/nodes';
import { Daily, toMicrophone } from '@sluice/transport';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('answers to keys, and is interrupted by them', async () => {
  const sound = smoke.hear();
  const run = smoke.start('phone-menu');
  await smoke.arrival();
  const microphone = Daily.createMicrophoneDevice('keys', { sampleRate: 16_000 });
  await smoke.peer.updateInputs({ microphone: { isEnabled: true, settings: { deviceId: 'keys' } } });
  await sound.reached(1);
  const keys = graph('keys');
  // The second key comes while the answer to the first is spoken.
  keys.from(fromDtmf(',1,,2', { toneMs: 200, sampleRate: 16_000 })).to(toMicrophone(microphone));
  await keys.run();
  await run.told(/heard: (The sun is shining, somewhere\.)/);
  await sleep(200);
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
  expect(run.said).toMatch(/key 1\n/);
  expect(run.said).toMatch(/key 2\n/);
});

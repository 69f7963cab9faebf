import { CallClient } from '@sluice/transport';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compareAudio } from '../demo/compare-audio.ts';
import { readMono } from '../read-mono.ts';
import { asset } from '../room.ts';
import { Recording, Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('carries what is said in one room into the other', async () => {
  const run = smoke.start('26-room-bridge');
  const other = await run.told(/and (http\S+)/);
  await using listener = new CallClient();
  const heard = new Recording();
  listener.on('participant-joined', ({ participant }) => {
    listener.setAudioRenderer(participant.id, (_, frame) => heard.take(frame), { sampleRate: 48_000 });
  });
  await listener.join(other);
  await smoke.speak(2.5);
  await heard.reached(2.2);
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
  const said = await readMono(asset('greeting.wav'), 48_000, 2.2);
  const { correlation } = compareAudio(said, heard.samples, 48_000);
  // Twice through the codec, and through two jitter buffers.
  expect(correlation).toBeGreaterThan(0.6);
});

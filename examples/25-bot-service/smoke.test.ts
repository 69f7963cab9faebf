import { setTimeout as sleep } from 'node:timers/promises';
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

it('starts a bot in a room of its own, for its caller alone', async () => {
  const run = smoke.startAlone('25-bot-service');
  const service = await run.told(/POST (http\S+)/);
  const running = async () => ((await (await fetch(service)).json()) as { calls: number }).calls;
  const response = await fetch(service, { method: 'POST' });
  expect(response.status, run.said).toBe(201);
  const { room, token } = (await response.json()) as { room: string; token: string };
  expect(await running()).toBe(1);
  await using stranger = new CallClient();
  await expect(stranger.join(room)).rejects.toMatchObject({ code: 'SLUICE_ROOM_TOKEN' });

  const caller = smoke.peer;
  await caller.leave();
  await caller.join(room, { token });
  const others = () => Object.entries(caller.participants()).filter(([id]) => id !== 'local');
  while (others().length === 0) await sleep(20);
  const [id, bot] = others()[0]!;
  expect(bot.info.userName).toBe('echo bot');
  const heard = new Recording();
  caller.setAudioRenderer(id, (_, frame) => heard.take(frame), { sampleRate: 48_000 });
  await smoke.speak(2.5);
  await heard.reached(2.2);
  const said = await readMono(asset('greeting.wav'), 48_000, 2.2);
  // Twice through the codec, and through two jitter buffers.
  expect(compareAudio(said, heard.samples, 48_000).correlation).toBeGreaterThan(0.6);

  await caller.leave();
  while ((await running()) > 0) await sleep(50);
  await expect(stranger.join(room)).rejects.toMatchObject({ code: 'SLUICE_ROOM_UNKNOWN' });
  // A bot that runs ends with its service.
  await fetch(service, { method: 'POST' });
  run.child.kill('SIGTERM');
  expect(await run.ended(), run.said).toBe(0);
});

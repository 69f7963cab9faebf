// A tone, made sample by sample, on a custom audio track beside the microphone.
import { setTimeout as sleep } from 'node:timers/promises';
import { CallClient, CustomAudioSource, CustomAudioTrack, Daily } from '@sluice/transport';
import { openRoom } from '../room.ts';

await using room = await openRoom();
Daily.init();
const client = new CallClient();
await client.join(room.url);
await room.company(client);

const source = new CustomAudioSource(16_000, 1);
await client.addCustomAudioTrack('tone-generator', new CustomAudioTrack(source));

const samplesPerChunk = 320; // 20 ms
const chunks = (room.seconds ?? 10) * 50;
for (let i = 0; i < chunks; i++) {
  const chunk = new Int16Array(samplesPerChunk);
  for (let n = 0; n < samplesPerChunk; n++) {
    const t = (i * samplesPerChunk + n) / 16_000;
    chunk[n] = Math.round(Math.sin(2 * Math.PI * 440 * t) * 16_000);
  }
  void source.writeFrames(chunk);
  await sleep(20);
}
while (source.queuedDuration > 0) await sleep(20);

await client.leave();
await Daily.deinit();

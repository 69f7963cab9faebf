// What is said in a call, as raw samples (16 kHz, mono, signed 16 bit) on standard output.
import { CallClient, Daily } from '@sluice/transport';
import { openRoom } from '../room.ts';

await using room = await openRoom();
Daily.init();
const speaker = Daily.createSpeakerDevice('my-speaker', { sampleRate: 16_000, channels: 1 });
Daily.selectSpeakerDevice('my-speaker');
const client = new CallClient();
await client.updateSubscriptionProfiles({ base: { camera: 'unsubscribed', microphone: 'subscribed' } });
await client.join(room.url);

let listening = true;
process.stdout.on('error', () => {
  listening = false; // the reader of the pipe is gone
});
void room.stopped.then(() => {
  listening = false;
});
while (listening) {
  const audio = await speaker.readFrames(1_600); // 100 ms, or nothing while nobody speaks
  if (audio.length === 0) continue;
  const written = new Promise((resolve) => process.stdout.write(audio, resolve));
  await Promise.race([written, room.stopped]);
}

await client.release();
await Daily.deinit();

// What is said in a call, as raw samples (16 kHz, mono, signed 16 bit) on standard output.
import { once } from 'node:events';
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
  if (audio.length > 0 && !process.stdout.write(audio))
    await Promise.race([once(process.stdout, 'drain'), room.stopped]);
}

await client.release();
await Daily.deinit();

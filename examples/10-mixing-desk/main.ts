// A small radio show: two voices and music that steps back while somebody speaks.
import { graph } from '@sluice/core';
import { CallClient, Daily, toMicrophone } from '@sluice/transport';
import { openRoom } from '../room.ts';
import { buildDesk } from './desk.ts';

await using room = await openRoom();
Daily.init();
const microphone = Daily.createMicrophoneDevice('desk', { sampleRate: 48_000, channels: 2 });
const client = new CallClient();
await client.join(room.url, {
  clientSettings: {
    inputs: { camera: false, microphone: { isEnabled: true, settings: { deviceId: 'desk' } } },
    publishing: { microphone: { isPublishing: true, sendSettings: 'music' } },
  },
});
await room.company(client);

const show = graph('radio-show');
buildDesk(show, toMicrophone(microphone));
await Promise.race([show.run(), room.stopped]);
await show.stop();

await client.release();
await Daily.deinit();

// Everybody hears what they said a second ago.
import { graph } from '@sluice/core';
import { delay, gain } from '@sluice/nodes';
import { CallClient, Daily, fromSpeaker, toMicrophone } from '@sluice/transport';
import { openRoom } from '../room.ts';

await using room = await openRoom();
Daily.init();
const microphone = Daily.createMicrophoneDevice('echo-mic', { sampleRate: 48_000, channels: 1 });
const speaker = Daily.createSpeakerDevice('echo-speaker', { sampleRate: 48_000, channels: 1 });
Daily.selectSpeakerDevice('echo-speaker');
const client = new CallClient();
await client.join(room.url, {
  clientSettings: { inputs: { camera: false, microphone: { isEnabled: true, settings: { deviceId: 'echo-mic' } } } },
});

const bot = graph('echo-bot');
bot
  .from(fromSpeaker(speaker))
  .pipe(delay({ ms: 1_000, by: 'clock' }), gain({ db: -3 }))
  .to(toMicrophone(microphone));
await bot.start();
await room.stopped;
await bot.stop();

await client.release();
await Daily.deinit();

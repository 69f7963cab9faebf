// Raw samples from standard input (16 kHz, mono, signed 16 bit) into the microphone of a call.
import { graph } from '@sluice/core';
import { fromPcm } from '@sluice/nodes';
import { CallClient, Daily, toMicrophone } from '@sluice/transport';
import { openRoom } from '../room.ts';

await using room = await openRoom();
Daily.init();
const microphone = Daily.createMicrophoneDevice('my-mic', { sampleRate: 16_000, channels: 1 });
const client = new CallClient();
await client.join(room.url, {
  clientSettings: { inputs: { camera: false, microphone: { isEnabled: true, settings: { deviceId: 'my-mic' } } } },
});
await room.company(client);

const bot = graph('pcm-from-stdin');
bot.from(fromPcm(process.stdin, { sampleRate: 16_000, channels: 1 })).to(toMicrophone(microphone));
await bot.run();

await client.release();
await Daily.deinit();

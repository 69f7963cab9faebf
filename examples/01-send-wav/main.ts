// A WAV file, through a graph, into the microphone of a call.
import { graph } from '@sluice/core';
import { fromWavFile } from '@sluice/nodes';
import { CallClient, Daily, toMicrophone } from '@sluice/transport';
import { asset, openRoom } from '../room.ts';

await using room = await openRoom();
Daily.init();
const microphone = Daily.createMicrophoneDevice('my-mic', { sampleRate: 16_000, channels: 1 });
const client = new CallClient();
await client.join(room.url, {
  clientSettings: { inputs: { camera: false, microphone: { isEnabled: true, settings: { deviceId: 'my-mic' } } } },
});
await room.company(client);

const bot = graph('send-wav');
bot.from(fromWavFile(room.file(asset('greeting.wav')), { end: room.seconds })).to(toMicrophone(microphone));
await bot.run();

await client.release();
await Daily.deinit();

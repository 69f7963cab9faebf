// Two bots in a room of a Janus server: one reads a file aloud, the other hears it, says so in a message, and keeps it.
import { graph } from '@sluice/core';
import { fromWavFile, toWavFile } from '@sluice/nodes';
import { CallClient, Daily, fromCall, toMicrophone } from '@sluice/transport';
import { startJanus } from '@sluice/transport/testing';
import { asset, say } from '../room.ts';

const given = process.argv.slice(2).find((argument) => argument.includes('://'));
const janus = given === undefined ? await startJanus() : undefined;
const url = given ?? janus!.roomUrl('bots');
say(`the room is ${url}`);
Daily.init();
const microphone = Daily.createMicrophoneDevice('voice', { sampleRate: 48_000 });
const [reader, ear] = [new CallClient(), new CallClient()];

ear.on('active-speaker-changed', ({ participant }) => {
  if (participant !== null) void ear.sendAppMessage({ hears: participant.info.userName });
});
reader.on('app-message', ({ message }) => say(`the ear says ${JSON.stringify(message)}`));
// First the ear: who receives is the server's secret, and a reader that is alone loses its first words.
await ear.join(url, { userName: 'ear' });
const listening = graph('ear');
listening.from(fromCall(ear)).to(toWavFile('heard.wav'));
await listening.start();

const inputs = { microphone: { isEnabled: true, settings: { deviceId: 'voice' } } };
const arrived = new Promise<void>((resolve) => {
  ear.on('participant-updated', ({ participant }) => {
    if (participant.media.microphone?.state === 'playable') resolve();
  });
});
await reader.join(url, { userName: 'reader', clientSettings: { inputs } });
await arrived;
const reading = graph('reader');
reading.from(fromWavFile(asset('greeting.wav'), { end: 3 })).to(toMicrophone(microphone));
await reading.run();

await listening.stop();
for (const client of [reader, ear]) await client.release();
await Daily.deinit();
await janus?.close();
say('heard.wav is what the ear heard');

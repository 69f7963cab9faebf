// The first seconds that somebody says, into a WAV file: one read of that length, which begins when they can be heard.
import { graph } from '@sluice/core';
import { fromPcm, toWavFile } from '@sluice/nodes';
import { CallClient, Daily } from '@sluice/transport';
import { openRoom, say } from '../room.ts';

const format = { sampleRate: 16_000, channels: 1 };
await using room = await openRoom();
Daily.init();
const speaker = Daily.createSpeakerDevice('my-speaker', { ...format, nonBlocking: true });
Daily.selectSpeakerDevice('my-speaker');
const client = new CallClient();

const playable = new Promise<void>((resolve) => {
  client.on('participant-updated', ({ participant: { info, media } }) => {
    if (!info.isLocal && media.microphone.state === 'playable') resolve();
  });
});
await client.join(room.url);
await playable;

const seconds = room.seconds ?? 10;
say(`listening for ${seconds} s`);
const heard = await new Promise<Buffer>((resolve) => {
  void speaker.readFrames(seconds * format.sampleRate, resolve);
});
const writer = graph('timed-receive');
const file = toWavFile(room.file('timed.wav'));
writer.from(fromPcm(heard, format)).to(file);
await writer.run();
say(`${(await file.finished).path}: ${heard.length / 2 / format.sampleRate} s`);
await client.release();
await Daily.deinit();

// What is said in a call, into a WAV file.
import { graph } from '@sluice/core';
import { toWavFile } from '@sluice/nodes';
import { CallClient, Daily, fromSpeaker } from '@sluice/transport';
import { openRoom, say } from '../room.ts';

await using room = await openRoom();
Daily.init();
const speaker = Daily.createSpeakerDevice('my-speaker', { sampleRate: 16_000, channels: 1 });
Daily.selectSpeakerDevice('my-speaker');
const client = new CallClient();
await client.join(room.url);

const file = toWavFile(room.file('heard.wav'));
const bot = graph('speaker-to-wav');
bot.from(fromSpeaker(speaker)).to(file);
await bot.start();
await room.stopped;
await bot.stop();

const { path, duration } = await file.finished;
say(`${path}: ${(duration / 1e6).toFixed(1)} s`);
await client.release();
await Daily.deinit();

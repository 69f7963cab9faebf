// Records what everybody says until Ctrl-C, into the file that is the second argument.
import { graph } from '@sluice/core';
import { fromCall } from '@sluice/transport';
import { enterRoom } from './enter-room.ts';
import { record } from './record.ts';

const room = await enterRoom('Recorder');
const bot = graph('recorder');
const recording = record(bot.from(fromCall(room.client, { sampleRate: 48_000 })), process.argv[3] ?? 'call.wav');
await bot.start();
await room.stopped;
await bot.stop();
const { path, duration } = await recording;
console.log(`${path}: ${(duration / 1e6).toFixed(1)} s`);
await room.close();

// Records what everybody says until Ctrl-C, into the file that is the second argument; says so first.
import { join } from 'node:path';
import { graph } from '@sluice/core';
import { fromCall } from '@sluice/transport';
import { enterRoom } from './enter-room.ts';
import { greeting } from './greeting.ts';
import { record } from './record.ts';

const room = await enterRoom('Recorder');
const bot = graph('recorder');
const recording = record(bot.from(fromCall(room.client, { sampleRate: 48_000 })), process.argv[3] ?? 'call.wav');
const announcement = graph('announcement');
announcement.from(greeting(room, join(import.meta.dirname, '../sound/greeting.wav'))).to(room.speaks);
await Promise.all([bot.start(), announcement.start()]);
await room.stopped;
// What is recorded is written to its end; what is said need not be.
announcement.abort();
await bot.stop();
const { path, duration } = await recording;
console.log(`${path}: ${(duration / 1e6).toFixed(1)} s`);
await room.close();

import { graph } from '@sluice/core';
import { fromCall } from '@sluice/transport';
import { enterRoom } from './enter-room.ts';
import { talkback } from './talkback.ts';

const room = await enterRoom('Echo');
const bot = graph('talkback');
talkback(bot.from(fromCall(room.client, { sampleRate: 48_000 })), room.speaks);
await bot.start();
await room.stopped;
await bot.stop();
await room.close();

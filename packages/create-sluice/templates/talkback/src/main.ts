import { join } from 'node:path';
import { graph } from '@sluice/core';
import { fvad } from '@sluice/plugin-vad-fvad';
import { fromCall } from '@sluice/transport';
import { enterRoom } from './enter-room.ts';
import { greeting } from './greeting.ts';
import { talkback } from './talkback.ts';

const room = await enterRoom('Echo');
const bot = graph('talkback');
talkback(bot, {
  hears: bot.from(fromCall(room.client, { sampleRate: 16_000, frameMs: 10 })),
  greeting: bot.from(greeting(room, join(import.meta.dirname, '../sound/greeting.wav'))),
  speaks: room.speaks,
  detector: fvad(),
  onInterrupted: (heardMs) => console.log(`interrupted after ${(heardMs / 1_000).toFixed(2)} s`),
});
await bot.start();
await room.stopped;
// What it is saying would be said to its end first.
await bot.interrupt();
await bot.stop();
await room.close();

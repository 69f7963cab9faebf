// The tune, or the WAV file that is the second argument, into the call as soon as somebody is there.
import { graph } from '@sluice/core';
import { fromWavFile } from '@sluice/nodes';
import { enterRoom } from './enter-room.ts';
import { hello, tune } from './tune.ts';

const room = await enterRoom('Bot');
const file = process.argv[3];
const company = new Promise<void>((resolve) => {
  if (room.client.participantCounts().present > 1) resolve();
  else room.client.on('participant-joined', () => resolve());
});
await Promise.race([company, room.stopped]);
const bot = graph('audio-bot');
bot.from(file === undefined ? tune(hello) : fromWavFile(file)).to(room.speaks);
await Promise.race([bot.run(), room.stopped]);
await bot.stop();
await room.close();

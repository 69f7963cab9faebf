// The tune, or the WAV file that is the second argument, into the call as soon as somebody is there.
import { graph } from '@sluice/core';
import { fromWavFile } from '@sluice/nodes';
import { fvad } from '@sluice/plugin-vad-fvad';
import { fromCall } from '@sluice/transport';
import { enterRoom } from './enter-room.ts';
import { play } from './play.ts';
import { hello, tune } from './tune.ts';

const room = await enterRoom('Bot');
const file = process.argv[3];
if (await room.company) {
  const bot = graph('audio-bot');
  play(bot, {
    music: file === undefined ? tune(hello) : fromWavFile(file),
    hears: bot.from(fromCall(room.client, { sampleRate: 16_000, frameMs: 10 })),
    speaks: room.speaks,
    detector: fvad(),
  });
  await bot.start();
  await Promise.race([room.speaks.finished, room.stopped]);
  // Nothing has to be played to its end.
  bot.abort();
}
await room.close();

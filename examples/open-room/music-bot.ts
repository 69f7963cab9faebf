import { graph } from '@sluice/core';
import { fromWavFile, gain } from '@sluice/nodes';
import { CallClient, CustomAudioSource, CustomAudioTrack, toCustomAudio } from '@sluice/transport';
import { asset } from '../room.ts';
import type { Bot } from './bot.ts';

/** Plays two bars of music, made by assets/make-music.ts, over and over on a custom track: each has its own volume. */
export async function letMusicBotIn(url: string): Promise<Bot> {
  const client = new CallClient();
  client.setUserName('Music');
  await client.join(url, { clientSettings: { inputs: { camera: false, microphone: false } } });
  const source = new CustomAudioSource(44_100, 2);
  await client.addCustomAudioTrack('music', new CustomAudioTrack(source), { ignoreAudioLevel: true });
  const bot = graph('music');
  bot
    .from(fromWavFile(asset('music.wav'), { loop: true }))
    .pipe(gain({ db: -9 }))
    .to(toCustomAudio(source));
  await bot.start();
  return {
    leave: async () => {
      await bot.stop();
      await client.release();
    },
  };
}

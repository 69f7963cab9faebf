import { graph } from '@sluice/core';
import { delay, gain } from '@sluice/nodes';
import { CallClient, Daily, fromCall, toMicrophone } from '@sluice/transport';
import type { Bot } from './bot.ts';

/** Everybody hears what they said a second ago. Music is not said back. */
export async function letEchoBotIn(url: string): Promise<Bot> {
  const microphone = Daily.createMicrophoneDevice('echo', { sampleRate: 48_000, channels: 1 });
  const client = new CallClient();
  await client.updateSubscriptionProfiles({
    base: { camera: 'unsubscribed', screenVideo: 'unsubscribed', customAudio: { '*': 'unsubscribed' } },
  });
  client.setUserName('Echo');
  await client.join(url, {
    clientSettings: { inputs: { camera: false, microphone: { isEnabled: true, settings: { deviceId: 'echo' } } } },
  });
  const bot = graph('echo');
  bot
    .from(fromCall(client))
    .pipe(delay({ ms: 1_000, by: 'clock' }), gain({ db: -6 }))
    .to(toMicrophone(microphone));
  await bot.start();
  return {
    leave: async () => {
      await bot.stop();
      await client.release();
    },
  };
}

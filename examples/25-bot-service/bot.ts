// One bot: it says what it hears a second later, until the caller leaves, the call is over, or it is told to stop.
import { graph } from '@sluice/core';
import { delay } from '@sluice/nodes';
import { CallClient, Daily, fromCall, toMicrophone } from '@sluice/transport';

const url = process.argv[2]!;
// The token comes by the environment: other users of the machine can read arguments.
const token = process.env.SLUICE_TOKEN!;
Daily.init();
const microphone = Daily.createMicrophoneDevice('bot', { sampleRate: 48_000 });
const client = new CallClient();
const over = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  client.on('participant-left', () => resolve());
  client.on('call-state-updated', ({ state }) => {
    if (state === 'left') resolve();
  });
});
const inputs = { camera: false, microphone: { isEnabled: true, settings: { deviceId: 'bot' } } };
await client.join(url, { token, clientSettings: { inputs } });
const bot = graph('bot');
bot
  .from(fromCall(client))
  .pipe(delay({ ms: 1_000, by: 'clock' }))
  .to(toMicrophone(microphone));
await bot.start();
await over;
await bot.stop();
await client.release();
await Daily.deinit();

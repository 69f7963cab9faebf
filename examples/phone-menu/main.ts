// A menu for a telephone: it speaks, and hears keys; a key interrupts whatever it says.
import { graph } from '@sluice/core';
import { detectDtmf, fromFrames, SayQueue, speak, toNull } from '@sluice/nodes';
import { flite } from '@sluice/plugin-flite';
import { CallClient, Daily, fromCall, toMicrophone } from '@sluice/transport';
import { openRoom, say } from '../room.ts';

const menu = 'Press one for the opening hours. Press two for the weather. Press nine to hear this again.';
const answers: Readonly<Record<string, string>> = {
  1: 'We are open from nine to five.',
  2: 'The sun is shining, somewhere.',
  9: menu,
};

await using room = await openRoom();
Daily.init();
const microphone = Daily.createMicrophoneDevice('menu', { sampleRate: 16_000, channels: 1 });
const client = new CallClient();
const sink = toMicrophone(microphone);

const bot = graph('phone-menu');
const queue = new SayQueue({ clock: bot.clock, receipt: (id) => sink.utterance(id) });
const voice = bot.group('voice', (scope) => {
  const mouth = scope.add(speak({ synthesizer: flite() }));
  scope.from(fromFrames(queue.frames(), { external: false })).to(mouth.in.in);
  scope.follow(mouth.out.audio).to(sink);
  return mouth;
});
voice.out.spoken.to({ next: queue.onSpoken });
bot
  .from(fromCall(client, { sampleRate: 16_000 }))
  .pipe(detectDtmf({ onDigit: ({ digit }) => void press(digit) }))
  .to(toNull());

async function press(digit: string): Promise<void> {
  say(`key ${digit}`);
  queue.interrupt();
  await bot.interrupt({ scope: 'voice' });
  const { heardText } = await queue.say(answers[digit] ?? `There is nothing behind ${digit}. ${menu}`).finished;
  say(`heard: ${heardText}`);
}

await bot.start();
await client.join(room.url, {
  clientSettings: { inputs: { camera: false, microphone: { isEnabled: true, settings: { deviceId: 'menu' } } } },
});
await room.company(client);
queue.say(menu);
await room.stopped;
queue.close();
await bot.stop();
await client.release();
await Daily.deinit();

// The agent in a call, with a voice and ears that need no network.
import { graph } from '@sluice/core';
import { flite } from '@sluice/plugin-flite';
import { soundswallower } from '@sluice/plugin-soundswallower';
import { fvad } from '@sluice/plugin-vad-fvad';
import { fromCall } from '@sluice/transport';
import { agent } from './agent.ts';
import { greeting, sentences } from './answers.ts';
import { enterRoom } from './enter-room.ts';

const room = await enterRoom('Agent');
const bot = graph('voice-agent');
const running = agent(bot, {
  hears: bot.from(fromCall(room.client, { sampleRate: 16_000, frameMs: 10 })),
  speaks: room.speaks,
  detector: fvad(),
  recognizer: soundswallower({ sentences }),
  synthesizer: flite(),
  onEvent: (event) => {
    if (event.type !== 'logged') return;
    const { who, text, interrupted } = event.entry;
    console.log(`${who}: ${text}${interrupted ? ' (interrupted)' : ''}`);
  },
});
await bot.start();
console.log(`it understands: ${sentences.join(', ')}`);
// Somebody who comes is greeted; what they say meanwhile breaks it off.
void room.company.then((there) => (there ? running.say(greeting) : undefined));
await room.stopped;
running.end();
// Nothing that it still says or hears is waited for.
bot.abort();
await room.close();

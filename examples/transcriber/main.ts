// What is said in a call, as text: each line when it is complete.
import { graph } from '@sluice/core';
import { transcribe, vad } from '@sluice/nodes';
import { soundswallower } from '@sluice/plugin-soundswallower';
import { fvad } from '@sluice/plugin-vad-fvad';
import { CallClient, Daily, fromCall } from '@sluice/transport';
import { openRoom, say } from '../room.ts';

// Any other Recognizer fits here, one of a large vocabulary for example.
const recognizer = soundswallower({
  sentences: [
    'hello',
    'good (morning | evening)',
    'who are you',
    'what can you do',
    'thank you',
    'goodbye',
    '(turn | switch) the light (on | off)',
  ],
});

await using room = await openRoom();
Daily.init();
const client = new CallClient();

const bot = graph('transcriber');
const ears = bot.add(vad({ detector: fvad(), gate: true }));
const scribe = bot.add(transcribe({ recognizer }));
bot.from(fromCall(client, { sampleRate: 16_000 })).to(ears.in.in);
ears.out.audio.to(scribe.in.audio);
ears.out.speech.to(scribe.in.speech);
scribe.out.out.to({
  next: ({ final, text, rejected, timestamp }) => {
    // What was too short for any word, a cough for example, has no text.
    if (final && (rejected || text !== ''))
      process.stdout.write(`${(timestamp / 1e6).toFixed(1).padStart(7)} s  ${rejected ? '(something else)' : text}\n`);
  },
});

await recognizer.prefetch();
await bot.start();
await client.join(room.url);
say('listening');
await room.stopped;
await bot.stop();
await client.release();
await Daily.deinit();

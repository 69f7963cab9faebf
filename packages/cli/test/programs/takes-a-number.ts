// A program: a tone in its own time, while a recognizer is asked what it heard, and a voice to say something.
import { AudioFrame, graph, micros } from '@sluice/core';
import type { SessionEnv } from '@sluice/core/session';
import { fakeRecognizer, fakeSynthesizer } from '@sluice/core/voice';
import { fromTone, toNull } from '@sluice/nodes';

export default (env: SessionEnv) => {
  const { clock, random } = env;
  const bot = graph('takes-a-number', { clock, random });
  bot.from(fromTone({ frequency: 440, dBFS: -6, duration: 0.2, live: true })).to(env.sink('mouth', () => toNull()));
  const ears = env.model('recognizer', () => fakeRecognizer({ texts: ['my number is five'] }));
  const voice = env.model('synthesizer', () => fakeSynthesizer());
  const talk = async () => {
    const heard = await ears.open({ clock, random });
    const samples = new Int16Array(1_600).fill(8_000);
    heard.write(new AudioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp: micros(0) }));
    await heard.flush();
    for await (const event of heard) if (event.type === 'final') break;
    const said = await voice.open({ clock, random });
    said.write({ id: '1', epoch: 0, text: 'Five it is.' });
  };
  void talk();
  return bot;
};

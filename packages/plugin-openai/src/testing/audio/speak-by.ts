import { AudioConverter } from '@sluice/core/kernels';
import type { Synthesizer } from '@sluice/core/voice';

const RATE = 24_000;

/** What a synthesizer says to a text, as 24 kHz mono. */
export async function* speakBy(
  synthesizer: Synthesizer<object>,
  text: string,
  signal: AbortSignal,
): AsyncGenerator<Int16Array, void, undefined> {
  const session = await synthesizer.open({ signal });
  try {
    const { sampleRate, channels } = synthesizer.produces;
    const converter = new AudioConverter({ sampleRate, channels }, { sampleRate: RATE, channels: 1 });
    await session.write({ id: 'speech', epoch: 0, text });
    for await (const event of session) {
      if (event.type === 'failed') throw event.error;
      if (event.type === 'finished') break;
      if (event.type === 'audio') yield converter.process(event.samples);
    }
    yield converter.drain();
  } finally {
    await session.close();
  }
}

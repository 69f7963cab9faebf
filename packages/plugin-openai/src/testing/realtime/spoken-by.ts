import { realClock } from '@sluice/core';
import { AudioConverter } from '@sluice/core/kernels';
import type { Synthesizer } from '@sluice/core/voice';

const SAMPLE_RATE = 24_000;

/** A voice for a script: what a synthesizer makes of a text, at 24 kHz. */
export function spokenBy(synthesizer: Synthesizer): (text: string) => Promise<Int16Array> {
  return async (text) => {
    const session = await synthesizer.open({ clock: realClock });
    const pieces: Int16Array[] = [];
    const reading = (async () => {
      for await (const event of session) {
        if (event.type === 'audio') pieces.push(event.samples);
        if (event.type === 'finished' || event.type === 'failed') return;
      }
    })();
    await session.write({ id: 'reply', epoch: 0, text });
    await reading;
    await session.close();
    const converter = new AudioConverter(synthesizer.produces, { sampleRate: SAMPLE_RATE, channels: 1 });
    return joined([converter.process(joined(pieces)), converter.flush()]);
  };
}

/** A tone for each word, of 250 ms, and a pause of 50. */
export function toneVoice(text: string): Int16Array {
  const words = text.match(/\S+/g)?.length ?? 0;
  const [word, sounding] = [SAMPLE_RATE * 0.3, SAMPLE_RATE * 0.25];
  const samples = new Int16Array(words * word);
  for (let i = 0; i < samples.length; i++) {
    const at = i % word;
    const edge = Math.max(0, Math.min(1, at / 120, (sounding - 1 - at) / 120));
    samples[i] = Math.round(8_000 * edge * Math.sin((2 * Math.PI * 220 * at) / SAMPLE_RATE));
  }
  return samples;
}

function joined(pieces: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

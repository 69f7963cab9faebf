import { testNoise, testTone } from '@sluice/core/testing';
import { silero } from '@sluice/plugin-vad-silero';
import { describe, expect, it } from 'vitest';
import { speakByEspeak, withEspeak } from '../../../test/speak-by-espeak.ts';
import { rate, told, types, write } from './sessions.ts';

const sentences = [
  'Good morning, could you tell me when the next train to Hamburg leaves?',
  'I would like to order a large coffee with milk and no sugar.',
  'Please set a timer for ten minutes and then call me back.',
  'No, that is not what I meant at all.',
  'Well, I am not sure whether we should do that before the meeting on Monday.',
  'How much is one million two hundred thousand and thirty one?',
];
const block = rate / 100;

/** A sentence with a second of next to silence before and after it, and where it is heard, in milliseconds. */
function recording(text: string) {
  const spoken = speakByEspeak(text, 16_000);
  const samples = testNoise({ length: spoken.length + 2 * rate, amplitude: 10 });
  for (const [index, sample] of spoken.entries()) samples[rate + index]! += sample;
  const energies = Array.from({ length: Math.floor(samples.length / block) }, (_, index) =>
    samples.subarray(index * block, (index + 1) * block).reduce((sum, sample) => sum + sample * sample, 0),
  );
  const loudest = Math.max(...energies);
  const heard = energies.map((energy) => energy > loudest / 1_000);
  return { samples, begins: heard.indexOf(true) * 10, ends: (heard.lastIndexOf(true) + 1) * 10 };
}

async function detect(samples: Int16Array) {
  const session = await silero().open();
  await write(session, samples);
  return told(session);
}

const middle = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

describe('silero on speech', () => {
  withEspeak('tells as late as it says', async () => {
    const { latencyMs } = silero();
    const late = { speech: [] as number[], silence: [] as number[] };
    for (const text of sentences) {
      const { samples, begins, ends } = recording(text);
      const events = await detect(samples);
      expect(events[0]!.type).toBe('speech');
      late.speech.push(events[0]!.toldAt / 1_000 - begins);
      late.silence.push(events.at(-1)!.toldAt / 1_000 - ends);
    }
    expect(Math.abs(middle(late.speech) - latencyMs.speech)).toBeLessThanOrEqual(48);
    expect(Math.abs(middle(late.silence) - latencyMs.silence)).toBeLessThanOrEqual(64);
  });

  withEspeak('gives the same for pieces of any size', async () => {
    const { samples } = recording(sentences[0]!);
    const whole = await silero().open();
    await write(whole, samples, { size: samples.length });
    const expected = await told(whole);
    expect(types(expected)).toEqual(['speech', 'silence']);
    for (const size of [7, 160, 320, 511, 512, 513, 48_000]) {
      const session = await silero().open();
      await write(session, samples, { size });
      expect(await told(session), `${size}`).toEqual(expected);
    }
    const later = await silero().open();
    await write(later, samples, { at: 7_000_001 });
    const moved = expected.map(({ type, at, toldAt }) => ({ type, at: at + 7_000_001, toldAt: toldAt + 7_000_001 }));
    expect(await told(later)).toEqual(moved);
  });

  withEspeak('ends what was said at a hole, and begins anew', async () => {
    const { samples, begins } = recording(sentences[0]!);
    const half = samples.subarray(0, (rate * (begins + 1_000)) / 1_000);
    const session = await silero().open();
    await write(session, half);
    await write(session, samples, { at: 60_000_000 });
    const events = await told(session);
    expect(types(events)).toEqual(['speech', 'silence', 'speech', 'silence']);
    expect(events[1]!.toldAt).toBe((half.length * 1_000) / 16);
    expect(events[2]!.at).toBeGreaterThan(60_000_000);
    const alone = await detect(samples);
    expect(events[2]!.at - 60_000_000).toBe(alone[0]!.at);
  });

  withEspeak('hears each session for itself, and takes settings while it runs', async () => {
    const { samples } = recording(sentences[1]!);
    const [loud, quiet, strict] = await Promise.all([silero().open(), silero().open(), silero().open()]);
    strict.update({ minSpeechMs: 2_000, minSilenceMs: 500 });
    await Promise.all([write(loud, samples), write(quiet, new Int16Array(samples.length)), write(strict, samples)]);
    expect(await told(quiet)).toEqual([]);
    expect(await told(loud)).toEqual(await detect(samples));
    const late = await told(strict);
    expect(late[0]!.toldAt - late[0]!.at).toBe(2_016_000);
    const deaf = await silero().open();
    deaf.update({ threshold: 0.95 });
    deaf.update({ threshold: 0.5 });
    await write(deaf, samples);
    expect(await told(deaf)).toEqual(await detect(samples));
  });

  it('is not taken in by hum, tones and noise', async () => {
    const tone = (frequency: number) => testTone({ sampleRate: rate, frequency, durationMs: 5_000, amplitude: 5_000 });
    for (const samples of [tone(100), tone(1_000), testNoise({ length: 5 * rate, amplitude: 3_000 })])
      expect(await detect(samples)).toEqual([]);
  });
});

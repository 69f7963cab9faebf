import { AudioFrame, micros } from '@sluice/core';
import { testNoise } from '@sluice/core/testing';
import type { VoiceDetectorEvent } from '@sluice/core/voice';
import { type FvadOptions, fvad } from '@sluice/plugin-vad-fvad';
import { describe, expect } from 'vitest';
import { speakByEspeak, withEspeak } from '../../../test/speak-by-espeak.ts';

const sentences = [
  'Good morning, could you tell me when the next train to Hamburg leaves?',
  'I would like to order a large coffee with milk and no sugar.',
  'Please set a timer for ten minutes and then call me back.',
  'No, that is not what I meant at all.',
  'Well, I am not sure whether we should do that before the meeting on Monday.',
  'How much is one million two hundred thousand and thirty one?',
  'Yes.',
];

const rate = 16_000;
const block = rate / 100;

/** A sentence with a second of next to silence before and after it, and which of its blocks can be heard. */
function recording(text: string, voice?: string) {
  const spoken = speakByEspeak(text, 16_000, voice);
  const samples = testNoise({ length: spoken.length + 2 * rate, amplitude: 10 });
  for (const [index, sample] of spoken.entries()) samples[rate + index]! += sample;
  const energies = Array.from({ length: Math.floor(samples.length / block) }, (_, index) =>
    samples.subarray(index * block, (index + 1) * block).reduce((sum, sample) => sum + sample * sample, 0),
  );
  const loudest = Math.max(...energies);
  return { samples, heard: energies.map((energy) => energy > loudest / 1_000) };
}

async function detect(samples: Int16Array, options: FvadOptions = {}): Promise<VoiceDetectorEvent[]> {
  const session = await fvad(options).open();
  session.write(new AudioFrame({ samples, sampleRate: rate, channels: 1, timestamp: micros(0) }));
  await session.close();
  const events: VoiceDetectorEvent[] = [];
  for await (const event of session) events.push(event);
  return events;
}

/** How much of what can be heard was told to be speech. */
function share(heard: readonly boolean[], events: readonly VoiceDetectorEvent[]): number {
  let [all, told] = [0, 0];
  for (const [index, audible] of heard.entries()) {
    const now = (index + 0.5) * 10_000;
    if (!audible) continue;
    all++;
    if (events.findLast(({ at }) => at <= now)?.type === 'speech') told++;
  }
  return told / all;
}

const middle = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

describe('fvad on speech', () => {
  withEspeak('tells as late as it says', async () => {
    const { latencyMs } = fvad();
    const late = { speech: [] as number[], silence: [] as number[] };
    for (const text of sentences) {
      const { samples, heard } = recording(text);
      const events = await detect(samples);
      late.speech.push(events[0]!.toldAt / 1_000 - heard.indexOf(true) * 10);
      late.silence.push(events.at(-1)!.toldAt / 1_000 - (heard.lastIndexOf(true) + 1) * 10);
    }
    expect(Math.abs(middle(late.speech) - latencyMs.speech)).toBeLessThanOrEqual(10);
    expect(Math.abs(middle(late.silence) - latencyMs.silence)).toBeLessThanOrEqual(10);
    expect(Math.max(...late.speech)).toBeLessThanOrEqual(latencyMs.speech + 50);
  });

  withEspeak('misses little of it, and nothing because of the gate: held vowels neither', async () => {
    const held = '[[m::::::]] [[A::::::]] [[u::::::]] [[oU::::]]';
    for (const voice of ['en-us+f2', 'en-us'])
      for (const text of [...sentences, held]) {
        const { samples, heard } = recording(text, voice);
        const gated = share(heard, await detect(samples));
        expect(gated, text).toBeGreaterThanOrEqual(0.9);
        expect(gated, text).toBe(share(heard, await detect(samples, { hum: 'pass' })));
      }
  });
});

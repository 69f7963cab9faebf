import { checklist } from '@sluice/core/testing';
import { describe, it } from 'vitest';
import { fvad } from './fvad.ts';

/** What seems a voice: a buzz whose level rises and falls as syllables do, with a second of silence around it. */
const samples = new Int16Array(48_000);
for (let i = 16_000; i < 32_000; i++) {
  const syllable = Math.sin((Math.PI * (i - 16_000)) / 3_200) ** 2;
  for (let harmonic = 1; harmonic <= 12; harmonic++)
    samples[i]! += (1_500 * syllable * Math.sin((2 * Math.PI * 130 * harmonic * i) / 16_000)) / harmonic;
}

describe('fvad', () =>
  checklist(it, () => fvad(), { kind: 'voice-detector', profile: { sound: { samples, sampleRate: 16_000 } } }));

import { describe, it } from 'vitest';
import {
  fakeLanguageModel,
  fakeRecognizer,
  fakeSynthesizer,
  fakeTurnDetector,
  fakeVoiceDetector,
  fallback,
  swappable,
} from '../../../voice/index.ts';
import { checklist } from '../conform.ts';

const sound = { samples: new Int16Array(32_000), sampleRate: 16_000 };
for (let i = 8_000; i < 20_000; i++) sound.samples[i] = 8_000 * Math.sin(i / 5);

const speaks = () => fakeSynthesizer({ firstByteMs: 50 });
const thinks = () => fakeLanguageModel({ firstTokenMs: 50, tokenMs: 5 });
const judges = () => fakeTurnDetector({ answerMs: 20 });
const hears = () => fakeRecognizer({ texts: () => 'one two three', finalMs: 30 });
const watches = () => fakeVoiceDetector();

describe('fallback', () => {
  describe('of synthesizers', () => checklist(it, () => fallback(speaks(), speaks()), { kind: 'synthesizer' }));
  describe('of language models', () => checklist(it, () => fallback(thinks(), thinks()), { kind: 'language-model' }));
  describe('of turn detectors', () => checklist(it, () => fallback(judges(), judges()), { kind: 'turn-detector' }));
  describe('of recognizers', () =>
    checklist(it, () => fallback(hears(), hears()), { kind: 'recognizer', profile: { sound } }));
  describe('of voice detectors', () =>
    checklist(it, () => fallback(watches(), watches()), { kind: 'voice-detector', profile: { sound } }));
});

describe('swappable', () => {
  describe('synthesizer', () => checklist(it, () => swappable(speaks()), { kind: 'synthesizer' }));
  describe('language model', () => checklist(it, () => swappable(thinks()), { kind: 'language-model' }));
  describe('turn detector', () => checklist(it, () => swappable(judges()), { kind: 'turn-detector' }));
  describe('recognizer', () => checklist(it, () => swappable(hears()), { kind: 'recognizer', profile: { sound } }));
  describe('voice detector', () =>
    checklist(it, () => swappable(watches()), { kind: 'voice-detector', profile: { sound } }));
});

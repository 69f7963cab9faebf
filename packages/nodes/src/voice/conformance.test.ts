import { AudioFrame, micros } from '@sluice/core';
import { checklist } from '@sluice/core/testing';
import { fakeRecognizer, fakeSynthesizer, fakeVoiceDetector } from '@sluice/core/voice';
import { describe, it } from 'vitest';
import { transcribe } from './hearing/transcribe.ts';
import { vad } from './hearing/vad.ts';
import { speak } from './saying/speak.ts';
import { type SpeechFrame, sayFrame } from './voice-frames.ts';

describe('vad', () => checklist(it, () => vad({ detector: fakeVoiceDetector() }), { kind: 'node' }));

describe('a gated vad', () =>
  checklist(it, () => vad({ detector: fakeVoiceDetector(), gate: true }), { kind: 'node' }));

describe('transcribe', () => {
  const speech = (index: number): SpeechFrame => {
    const at = micros(index * 20_000);
    return { kind: 'speech', speaking: index % 2 === 0, at, toldAt: at, atMs: index * 20, timestamp: at };
  };
  const sound = (index: number) => {
    const samples = new Int16Array(320).map((_, i) => 8_000 * Math.sin((index * 320 + i) / 6));
    return new AudioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp: micros(index * 20_000) });
  };
  checklist(it, () => transcribe({ recognizer: fakeRecognizer({ texts: () => 'one two' }) }), {
    kind: 'node',
    // What a person said is not undone by an interruption.
    profile: { frames: (port, index) => (port === 'speech' ? speech(index) : sound(index)), interruptible: false },
  });
});

describe('speak', () =>
  checklist(it, () => speak({ synthesizer: fakeSynthesizer() }), {
    kind: 'node',
    profile: { frames: (_port, index) => sayFrame(`u${index}`, 'one two') },
  }));

import { describe, expect, it } from 'vitest';
import {
  defineVoiceModel,
  fakeLanguageModel,
  fakeRecognizer,
  fakeSpeechModel,
  fakeSynthesizer,
  fakeTurnDetector,
  fakeVoiceDetector,
  type SpeechRequest,
  type Synthesizer,
} from '../../../voice/index.ts';
import { checklist, conform } from '../conform.ts';

const sound = { samples: new Int16Array(32_000), sampleRate: 16_000 };
for (let i = 8_000; i < 20_000; i++) sound.samples[i] = 8_000 * Math.sin(i / 5);

describe('fakeSynthesizer', () => checklist(it, () => fakeSynthesizer({ firstByteMs: 50 }), { kind: 'synthesizer' }));
describe('fakeLanguageModel', () =>
  checklist(it, () => fakeLanguageModel({ firstTokenMs: 50, tokenMs: 5 }), { kind: 'language-model' }));
describe('fakeSpeechModel', () =>
  checklist(it, () => fakeSpeechModel({ firstByteMs: 50 }), { kind: 'speech-model', profile: { sound } }));
describe('fakeTurnDetector', () => checklist(it, () => fakeTurnDetector({ answerMs: 20 }), { kind: 'turn-detector' }));
describe('fakeVoiceDetector', () =>
  checklist(it, () => fakeVoiceDetector(), { kind: 'voice-detector', profile: { sound } }));
describe('fakeRecognizer', () =>
  checklist(it, () => fakeRecognizer({ texts: () => 'one two three', finalMs: 30 }), {
    kind: 'recognizer',
    profile: { sound },
  }));

/** A synthesizer that lets one thing go wrong. */
const synthesizer = (
  write: (request: SpeechRequest, say: (type: 'audio' | 'finished') => void) => void | Promise<void>,
  close = () => {},
): Synthesizer =>
  defineVoiceModel({
    kind: 'synthesizer',
    name: 'bad',
    produces: { sampleRate: 16_000, channels: 1 },
    latencyMs: 0,
    words: false,
    settings: {},
    start: ({ emit }) => {
      let working = Promise.resolve();
      return {
        write: (request) => {
          const { id, epoch } = request;
          const say = (type: 'audio' | 'finished') =>
            type === 'finished'
              ? emit({ type, id, epoch })
              : emit({ type, id, epoch, samples: new Int16Array(320), sampleRate: 16_000, channels: 1 });
          const work = write(request, say);
          if (work !== undefined) working = work;
        },
        flush: () => working,
        close,
      };
    },
  });

const broken: readonly (readonly [check: string, make: () => Synthesizer])[] = [
  [
    'speaks requests in order, words within the text and the sound, one end each',
    () => synthesizer((_request, say) => say('audio')),
  ],
  [
    'holds its clock while it works, by timers or by clock.track',
    () =>
      synthesizer(async (_request, say) => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        say('audio');
        say('finished');
      }),
  ],
  [
    'does not block the event loop with what is written',
    () =>
      synthesizer((_request, say) => {
        const start = process.cpuUsage();
        while (process.cpuUsage(start).user < 12_000);
        say('audio');
        say('finished');
      }),
  ],
  ['says what it is, and carries the contract', () => ({ ...synthesizer(() => {}), kind: 'recognizer' }) as never],
];

describe('conform', () => {
  it.each(broken)('finds what breaks: %s', async (name, make) => {
    const { checks, passed } = await conform(make, { kind: 'synthesizer' });
    expect(passed).toBe(false);
    expect(checks.find((one) => one.name === name)).toMatchObject({ passed: false, message: expect.any(String) });
  });

  it('says what does not apply, and what is missing', async () => {
    const { checks } = await conform(() => fakeVoiceDetector(), { kind: 'voice-detector', profile: { sound } });
    expect(checks.find(({ name }) => name.includes('epoch'))?.skipped).toMatch(/belongs to no epoch/);
    const without = await conform(() => fakeVoiceDetector(), { kind: 'voice-detector' });
    expect(without.checks.some(({ message }) => message?.includes('profile.sound'))).toBe(true);
  });
});

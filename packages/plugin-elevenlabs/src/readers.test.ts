import { inspect } from 'node:util';
import { isVoiceError } from '@sluice/core/voice';
import { garbledForms } from '@sluice/service/testing';
import { describe, expect, it } from 'vitest';
import { recognizerReader } from './recognizer/recognizer-reader.ts';
import { SpeechContexts } from './speech/speech-contexts.ts';

const identity = { model: 'model', service: 'ElevenLabs' };
const transcript = {
  message_type: 'committed_transcript_with_timestamps',
  text: 'One two',
  words: [
    { text: 'One', start: 0.1, end: 0.3, type: 'word', logprob: -0.1 },
    { text: 'two', start: 0.4, end: 0.5, type: 'word', logprob: -0.1 },
  ],
};
const sound = {
  audio: Buffer.from(Int16Array.of(1, 2, 3, 4).buffer).toString('base64'),
  alignment: { chars: ['O', 'n', 'e', ' ', 't'], charStartTimesMs: [0, 1, 2, 3, 4], charDurationsMs: [1, 1, 1, 1, 1] },
  isFinal: true,
  contextId: 'request-1',
};
const readSpeech = () => {
  const contexts = new SpeechContexts(identity, () => ({}));
  contexts.ask({ id: 'a', epoch: 0, text: 'One two' }, 1);
  return (message: unknown) => contexts.read(message, 0);
};

/** Whether every value is of the kind that its name says. */
function isSound(news: object): boolean {
  return Object.entries(news).every(([name, value]: [string, unknown]) => {
    if (name === 'words') return (value as object[]).every(isSound);
    if (['type', 'text'].includes(name)) return typeof value === 'string';
    if (name === 'bytes') return value instanceof Uint8Array;
    return typeof value === 'boolean' || Number.isFinite(value);
  });
}

describe.each([
  ['a transcript', () => recognizerReader(identity), transcript],
  ['an error of recognition', () => recognizerReader(identity), { message_type: 'rate_limited', error: 'Later.' }],
  ['sound', readSpeech, sound],
  ['an error of speech', readSpeech, { error: 'busy', message: 'Later.', code: 1008 }],
] as const)('%s', (_name, reader, message) => {
  it('of another form is a fault of the service, or told as far as it is sound', () => {
    const forms = [null, 1, 'text', [], ...garbledForms(message)];
    expect(forms.length).toBeGreaterThan(20);
    for (const form of forms) {
      const told = attempt(() => reader()(form));
      const isMet = Array.isArray(told) ? told.every(isSound) : isVoiceError(told);
      expect(isMet, inspect([form, told], { depth: 9 })).toBe(true);
    }
  });
});

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

import { checklist } from '@sluice/core/testing';
import { elevenLabsRecognizer, elevenLabsSpeech } from '@sluice/plugin-elevenlabs';
import { type ElevenLabsServer, startElevenLabsServer } from '@sluice/plugin-elevenlabs/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';

const key = 'a-key-of-elevenlabs';
const secrets = { apiKey: key };
/** A second of tone with silence around it. */
const sound = { samples: new Int16Array(32_000), sampleRate: 16_000 };
for (let i = 8_000; i < 24_000; i++) sound.samples[i] = 8_000 * Math.sin(i / 5);

let server: ElevenLabsServer;
beforeAll(async () => {
  server = await startElevenLabsServer({ texts: ['one two three'], apiKey: key });
});
afterAll(() => server.close());

describe('elevenLabsSpeech', () =>
  checklist(it, () => elevenLabsSpeech({ baseUrl: server.baseUrl }), { kind: 'synthesizer', profile: { secrets } }));
describe('elevenLabsRecognizer', () =>
  checklist(it, () => elevenLabsRecognizer({ baseUrl: server.baseUrl }), {
    kind: 'recognizer',
    profile: { sound, secrets },
  }));

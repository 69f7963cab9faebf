import { checklist } from '@sluice/core/testing';
import { deepgramFlux, deepgramListen, deepgramSpeak } from '@sluice/plugin-deepgram';
import { type DeepgramServer, startDeepgramServer } from '@sluice/plugin-deepgram/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';

const key = 'a-key-of-deepgram';
const secrets = { apiKey: key };
/** A second of tone with silence around it. */
const sound = { samples: new Int16Array(32_000), sampleRate: 16_000 };
for (let i = 8_000; i < 24_000; i++) sound.samples[i] = 8_000 * Math.sin(i / 5);

let server: DeepgramServer;
beforeAll(async () => {
  server = await startDeepgramServer({ texts: ['one two three'], apiKey: key });
});
afterAll(() => server.close());

describe('deepgramListen', () =>
  checklist(it, () => deepgramListen({ baseUrl: server.baseUrl }), {
    kind: 'recognizer',
    profile: { sound, secrets },
  }));
describe('deepgramFlux', () =>
  checklist(it, () => deepgramFlux({ baseUrl: server.baseUrl, eagerThreshold: 0.5 }), {
    kind: 'recognizer',
    profile: { sound, secrets },
  }));
describe('deepgramSpeak', () =>
  checklist(it, () => deepgramSpeak({ baseUrl: server.baseUrl }), { kind: 'synthesizer', profile: { secrets } }));

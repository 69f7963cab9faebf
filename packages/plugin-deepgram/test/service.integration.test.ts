// What holds for every model behind a service: refusals, silence, broken answers, cancellation, keys.

import type { AudioFrame } from '@sluice/core';
import type { RecognizerEvent, SpeechRequest, SynthesizerEvent } from '@sluice/core/voice';
import { deepgramFlux, deepgramListen, deepgramSpeak } from '@sluice/plugin-deepgram';
import { type DeepgramServer, startDeepgramServer } from '@sluice/plugin-deepgram/testing';
import { type ServiceSubject, serviceChecklist, silenceFrames, toneFrames } from '@sluice/service/testing';
import { describe, it } from 'vitest';

const common = {
  service: 'Deepgram',
  secret: { name: 'apiKey', value: 'a-key-of-deepgram-0123456789' },
  start: () => startDeepgramServer({ texts: ['one two three'] }),
  middle: 500,
  unknown: '{"type":"NotYetKnown","text":"?"}',
  malformed: '{"type":',
  flood: 5_000_000,
};
type Hearing = ServiceSubject<DeepgramServer, AudioFrame, RecognizerEvent>;
const hearing = (make: Hearing['make']): Hearing => ({
  ...common,
  make,
  // Nothing ends what is said before it is asked for: the service passes over it where nobody speaks.
  items: () => [...silenceFrames(0, 500), ...toneFrames(500, 3_500)],
  told: (event) => (event.type === 'final' ? event.text : undefined),
  asks: false,
});

// Each has a server of its own.
describe.concurrent('deepgramListen as a service', () =>
  serviceChecklist(
    it,
    hearing(({ baseUrl }, waitMs) => deepgramListen({ baseUrl, connectMs: waitMs, finishMs: waitMs, quietMs: waitMs })),
  ));
describe.concurrent('deepgramFlux as a service', () =>
  serviceChecklist(
    it,
    hearing(({ baseUrl }, waitMs) => deepgramFlux({ baseUrl, connectMs: waitMs, finishMs: waitMs, quietMs: waitMs })),
  ));
describe.concurrent('deepgramSpeak as a service', () =>
  serviceChecklist<DeepgramServer, SpeechRequest, SynthesizerEvent>(it, {
    ...common,
    make: ({ baseUrl }, waitMs) => deepgramSpeak({ baseUrl, connectMs: waitMs, silenceMs: waitMs }),
    items: (epoch) => [{ id: `${epoch}`, epoch, text: 'Hello there.' }],
    told: (event) => (event.type === 'audio' ? undefined : event.type),
    asks: true,
    stopped: ({ sockets }) => sockets[0]!.received.some((message) => (message as { type?: string }).type === 'Clear'),
  }));

// What holds for every model behind a service: refusals, silence, broken answers, cancellation, keys.

import type { AudioFrame } from '@sluice/core';
import type { RecognizerEvent, SpeechRequest, SynthesizerEvent } from '@sluice/core/voice';
import { elevenLabsRecognizer, elevenLabsSpeech } from '@sluice/plugin-elevenlabs';
import { type ElevenLabsServer, startElevenLabsServer } from '@sluice/plugin-elevenlabs/testing';
import { serviceChecklist, silenceFrames, toneFrames } from '@sluice/service/testing';
import { describe, it } from 'vitest';

const common = {
  service: 'ElevenLabs',
  secret: { name: 'apiKey', value: 'a-key-of-elevenlabs-0123456789' },
  start: () => startElevenLabsServer({ texts: ['one two three'] }),
  middle: 500,
  unknown: '{"message_type":"not_yet_known","novelty":true}',
  malformed: '{"message_type":',
  flood: 5_000_000,
};

// Each has a server of its own.
describe.concurrent('elevenLabsSpeech as a service', () =>
  serviceChecklist<ElevenLabsServer, SpeechRequest, SynthesizerEvent>(it, {
    ...common,
    make: ({ baseUrl }, waitMs) => elevenLabsSpeech({ baseUrl, connectMs: waitMs, silenceMs: waitMs }),
    items: (epoch) => [{ id: `${epoch}`, epoch, text: 'Hello there.' }],
    told: (event) => (event.type === 'audio' ? undefined : event.type),
    asks: true,
    // The service has no other way to end what was flushed.
    stopped: ({ sockets }) => sockets[0]?.closed !== undefined,
  }));
describe.concurrent('elevenLabsRecognizer as a service', () =>
  serviceChecklist<ElevenLabsServer, AudioFrame, RecognizerEvent>(it, {
    ...common,
    make: ({ baseUrl }, waitMs) =>
      elevenLabsRecognizer({ baseUrl, connectMs: waitMs, readyMs: waitMs, finishMs: waitMs }),
    items: () => [...silenceFrames(0, 500), ...toneFrames(500, 3_500)],
    told: (event) => (event.type === 'final' ? event.text : undefined),
    asks: false,
  }));

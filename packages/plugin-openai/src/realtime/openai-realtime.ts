// Speech to speech by the service's Realtime interface, over a WebSocket. No other endpoint.

import { defineVoiceModel, type SpeechModel } from '@sluice/core/voice';
import { ServiceSocket } from '@sluice/service';
import { openAiAccess, openAiUrl } from '../access/open-ai-access.ts';
import {
  checkRealtimeSettings,
  type OpenAiRealtimeOptions,
  type OpenAiRealtimeSettings,
  realtimeConfig,
} from './realtime-options.ts';
import { RealtimeSession } from './realtime-session.ts';
import { rateOf, silenceOf } from './session-config.ts';

const NAME = 'openai-realtime';

/**
 * OpenAI's Realtime models, and services that speak as they do: they hear a person and answer with a voice. Replies are made
 * only when they are asked for, and cut by whoever knows what was heard. The voice and its format stay as they are while a
 * session lasts, which the service ends after an hour. Latency: half a second from the request, as published; not measured.
 *
 * @example
 * const agent = realtimeAgent(bot, { hears, speaks, model: openaiRealtime({ voice: 'cedar' }), secrets: { apiKey } });
 * @throws TypeError, RangeError at once for options that do not exist, are of the wrong kind or out of range
 */
export function openaiRealtime(options: OpenAiRealtimeOptions = {}): SpeechModel<OpenAiRealtimeSettings> {
  const config = realtimeConfig(options);
  const sampleRate = rateOf(config.format);
  return defineVoiceModel({
    kind: 'speech-model',
    name: NAME,
    accepts: { sampleRates: [sampleRate], channels: [1] },
    produces: { sampleRate, channels: 1 },
    latencyMs: 500,
    detectsTurns: config.turns.type !== 'none',
    silenceMs: silenceOf(config),
    transcribes: config.transcription !== false,
    settings: { speed: 1, maxOutputTokens: 'inf' } as OpenAiRealtimeSettings,
    checkSettings: checkRealtimeSettings,
    start: async (context) => {
      const { identity, headers } = await openAiAccess(NAME, config, context.secrets);
      const url = openAiUrl(config, 'realtime');
      url.protocol = url.protocol.replace('http', 'ws');
      url.searchParams.set('model', config.model);
      const session = new RealtimeSession(context, config, identity);
      return session.begin((onMessage) =>
        ServiceSocket.open(context, {
          identity,
          url,
          headers,
          ...(config.firstByteMs === undefined ? {} : { connectMs: config.firstByteMs }),
          onMessage,
          onEnd: ({ error }) => {
            if (error !== undefined) session.lost(error);
          },
        }),
      );
    },
  });
}

// ElevenLabs' speech from text.

import { checkKeys } from '@sluice/core';
import { defineVoiceModel, type Synthesizer } from '@sluice/core/voice';
import {
  checkBetween,
  checkOneOf,
  checkServiceOptions,
  checkText,
  SpeechLine,
  serviceAccess,
  serviceKeys,
} from '@sluice/service';
import { ELEVEN_LABS, type ElevenLabsOptions } from '../access/eleven-labs-options.ts';
import { SpeechContexts } from './speech-contexts.ts';

/** What may change while it runs; it holds from the next request on. A change of `voice` or `language` is a new connection. */
export interface ElevenLabsSpeechSettings {
  /** The id of a voice. Default `21m00Tcm4TlvDq8ikWAM`. */
  readonly voice: string;
  /** ISO 639-1, for models that take it: `de`. Default: as the text says, an empty text. */
  readonly language: string;
  /** 0 to 1. Default 0.5. */
  readonly stability: number;
  /** 0 to 1. Default 0.75. */
  readonly similarity: number;
  /** 0.7 to 1.2. Default 1. */
  readonly speed: number;
}

/** Voice and model of {@link elevenLabsSpeech}, and how its service is reached. */
export interface ElevenLabsSpeechOptions extends ElevenLabsOptions, Partial<ElevenLabsSpeechSettings> {
  /** Default `eleven_flash_v2_5`. `eleven_v3` has no contexts. */
  readonly model?: string;
  /** Of the sound, in hertz: 8,000, 16,000, 22,050, 24,000 or 44,100. Default 24,000. */
  readonly sampleRate?: number;
  /** How long nothing may come of a request under way, in milliseconds. Default 10,000. */
  readonly silenceMs?: number;
  /** As it is shown, in milliseconds: measure it where the agent runs. Default 200. */
  readonly latencyMs?: number;
}

/**
 * Speaks by ElevenLabs' `multi-stream-input`: a context of the service for each request, one after the other on one connection,
 * with the time and the place of every word. A context that was flushed goes on at the service when it is closed, so a cancelled
 * request ends its connection, and another one is made at once.
 *
 * Secret: `apiKey`, of `open({ secrets })` or of the option. Latency: the service's, and the way there.
 *
 * @example
 * const mouth = bot.add(speak({ synthesizer: elevenLabsSpeech({ apiKey: { env: 'ELEVENLABS_API_KEY' } }) }));
 * @throws TypeError, RangeError at once for options that do not exist or are out of range
 */
export function elevenLabsSpeech(options: ElevenLabsSpeechOptions = {}): Synthesizer<ElevenLabsSpeechSettings> {
  const own = { voice: true, language: true, stability: true, similarity: true, speed: true } as const;
  const fixed = { model: true, sampleRate: true, silenceMs: true, latencyMs: true } as const;
  checkKeys<ElevenLabsSpeechOptions>('elevenLabsSpeech', options, { ...serviceKeys, ...own, ...fixed });
  checkServiceOptions('elevenLabsSpeech', options);
  const { model = 'eleven_flash_v2_5', sampleRate = 24_000, silenceMs = 10_000, latencyMs = 200 } = options;
  const { voice = '21m00Tcm4TlvDq8ikWAM', language = '', stability = 0.5, similarity = 0.75, speed = 1 } = options;
  const defaults: ElevenLabsSpeechSettings = { voice, language, stability, similarity, speed };
  checkText('elevenLabsSpeech.model', model);
  checkOneOf('elevenLabsSpeech.sampleRate', sampleRate, [8_000, 16_000, 22_050, 24_000, 44_100]);
  checkBetween('elevenLabsSpeech.silenceMs', silenceMs, 100, 600_000);
  checkBetween('elevenLabsSpeech.latencyMs', latencyMs, 0, 60_000);
  checkSettings(defaults);

  return defineVoiceModel({
    kind: 'synthesizer',
    name: 'elevenlabs-speech',
    produces: { sampleRate, channels: 1 },
    latencyMs,
    words: true,
    settings: defaults,
    checkSettings,
    start: async (context) => {
      const access = await serviceAccess(ELEVEN_LABS, 'elevenlabs-speech', options, context.secrets);
      const contexts = new SpeechContexts(access.identity, () => ({
        stability: context.settings.stability,
        similarity_boost: context.settings.similarity,
        speed: context.settings.speed,
      }));
      return SpeechLine.open(context, {
        sampleRate,
        silenceMs,
        open: () =>
          access.socket(`/v1/text-to-speech/${encodeURIComponent(context.settings.voice)}/multi-stream-input`, {
            model_id: model,
            output_format: `pcm_${sampleRate}`,
            language_code: context.settings.language || undefined,
            sync_alignment: true,
            // Requests are whole sentences: nothing is to be waited for.
            auto_mode: true,
            inactivity_timeout: 180,
          }),
        ask: (request, number) => contexts.ask(request, number),
        reader: () => (message, heardMs) => contexts.read(message, heardMs),
      });
    },
  });
}

function checkSettings(settings: ElevenLabsSpeechSettings): void {
  const { voice, language, stability, similarity, speed } = settings;
  checkText('elevenLabsSpeech.voice', voice);
  if (language !== '') checkText('elevenLabsSpeech.language', language);
  checkBetween('elevenLabsSpeech.stability', stability, 0, 1);
  checkBetween('elevenLabsSpeech.similarity', similarity, 0, 1);
  checkBetween('elevenLabsSpeech.speed', speed, 0.7, 1.2);
}

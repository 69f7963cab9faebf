// ElevenLabs' recognition of speech.

import { checkKeys } from '@sluice/core';
import { defineVoiceModel, type Recognizer } from '@sluice/core/voice';
import {
  checkBetween,
  checkOneOf,
  checkServiceOptions,
  checkText,
  checkTexts,
  pcmBytes,
  RecognitionLine,
  serviceAccess,
  serviceKeys,
} from '@sluice/service';
import { ELEVEN_LABS, type ElevenLabsOptions } from '../access/eleven-labs-options.ts';
import { recognizerReader } from './recognizer-reader.ts';

/** What may change while it runs: a change is a new connection, after what was said is finished. */
export interface ElevenLabsRecognizerSettings {
  /** ISO 639: `en`, `deu`. Default: the service finds out, an empty text. */
  readonly language: string;
  /** Words that are likely to be said: names, terms. Default none. */
  readonly keyterms: readonly string[];
  /** Silence after which the service ends a stretch by itself, in milliseconds: 300 to 3,000; 0: never. Default 0. */
  readonly endpointingMs: number;
}

/** Model and language of {@link elevenLabsRecognizer}, and how its service is reached. */
export interface ElevenLabsRecognizerOptions extends ElevenLabsOptions, Partial<ElevenLabsRecognizerSettings> {
  /** Default `scribe_v2_realtime`. */
  readonly model?: string;
  /** Of the sound that is sent, in hertz. Default 16,000. */
  readonly sampleRate?: number;
  /** How long the service may take for its first word, that it is ready, in milliseconds. Default 10,000. */
  readonly readyMs?: number;
  /** How long the service may take for its last words when it is asked for them, in milliseconds. Default 1,500. */
  readonly finishMs?: number;
  /** As turn strategies take it, in milliseconds: measure it where the agent runs. Default 400. */
  readonly latencyMs?: number;
}

/**
 * Recognises speech by ElevenLabs' realtime transcription: partials while somebody speaks, then the final with word times and
 * confidences. Words have the media time of the frames that were written, whatever gaps those had. A connection that is lost, or
 * ended by the service's time limit, is made anew with all sound that was not answered.
 *
 * With `endpointingMs: 0` only `flush()` ends a stretch: link `speech` of `transcribe`. Secret: `apiKey`, of `open({ secrets })` or
 * of the option. Latency: the service's, and the way there; sound is sent in pieces of 100 ms.
 *
 * @example
 * const scribe = bot.add(transcribe({ recognizer: elevenLabsRecognizer({ apiKey: { env: 'ELEVENLABS_API_KEY' } }) }));
 * @throws TypeError, RangeError at once for options that do not exist or are out of range
 */
export function elevenLabsRecognizer(
  options: ElevenLabsRecognizerOptions = {},
): Recognizer<ElevenLabsRecognizerSettings> {
  const own = { language: true, keyterms: true, endpointingMs: true } as const;
  const fixed = { model: true, sampleRate: true, readyMs: true, finishMs: true, latencyMs: true } as const;
  checkKeys<ElevenLabsRecognizerOptions>('elevenLabsRecognizer', options, { ...serviceKeys, ...own, ...fixed });
  checkServiceOptions('elevenLabsRecognizer', options);
  const { model = 'scribe_v2_realtime', sampleRate = 16_000, readyMs = 10_000 } = options;
  const { finishMs = 1_500, latencyMs = 400 } = options;
  const { language = '', keyterms = [], endpointingMs = 0 } = options;
  const defaults: ElevenLabsRecognizerSettings = { language, keyterms, endpointingMs };
  checkText('elevenLabsRecognizer.model', model);
  checkOneOf('elevenLabsRecognizer.sampleRate', sampleRate, [8_000, 16_000, 22_050, 24_000, 44_100, 48_000]);
  checkBetween('elevenLabsRecognizer.readyMs', readyMs, 100, 60_000);
  checkBetween('elevenLabsRecognizer.finishMs', finishMs, 100, 60_000);
  checkBetween('elevenLabsRecognizer.latencyMs', latencyMs, 0, 60_000);
  checkSettings(defaults);
  const chunk = (samples: Int16Array, commit: boolean) => ({
    message_type: 'input_audio_chunk',
    audio_base_64: Buffer.from(pcmBytes(samples)).toString('base64'),
    commit,
    sample_rate: sampleRate,
  });

  return defineVoiceModel({
    kind: 'recognizer',
    name: 'elevenlabs-recognizer',
    accepts: { sampleRates: [sampleRate], channels: [1] },
    latencyMs,
    words: true,
    settings: defaults,
    checkSettings,
    start: async (context) => {
      const access = await serviceAccess(ELEVEN_LABS, 'elevenlabs-recognizer', options, context.secrets);
      const query = () => {
        const { language, keyterms, endpointingMs } = context.settings;
        return {
          model_id: model,
          audio_format: `pcm_${sampleRate}`,
          language_code: language || undefined,
          include_timestamps: true,
          keyterms,
          commit_strategy: endpointingMs === 0 ? 'manual' : 'vad',
          vad_silence_threshold_secs: endpointingMs === 0 ? undefined : endpointingMs / 1_000,
        };
      };
      return RecognitionLine.open(context, {
        sampleRate,
        pieceMs: 100,
        finishMs,
        greets: true,
        readyMs,
        open: () => access.socket('/v1/speech-to-text/realtime', query()),
        audio: (samples) => chunk(samples, false),
        finish: () => chunk(new Int16Array(0), true),
        reader: () => recognizerReader(access.identity),
      });
    },
  });
}

function checkSettings({ language, keyterms, endpointingMs }: ElevenLabsRecognizerSettings): void {
  if (language !== '') checkText('elevenLabsRecognizer.language', language);
  checkTexts('elevenLabsRecognizer.keyterms', keyterms);
  if (endpointingMs !== 0) checkBetween('elevenLabsRecognizer.endpointingMs', endpointingMs, 300, 3_000);
}

// ElevenLabs' recognition of speech.

import { checkKeys } from '@sluice/core';
import { defineVoiceModel, type Recognizer } from '@sluice/core/voice';
import { checkBetween, checkOneOf, checkText, checkTexts, RecognitionLine } from '@sluice/service';
import {
  checkElevenLabsOptions,
  type ElevenLabsOptions,
  elevenLabsAccess,
  elevenLabsKeys,
  elevenLabsUrl,
} from '../access/eleven-labs-options.ts';
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

export interface ElevenLabsRecognizerOptions extends ElevenLabsOptions, Partial<ElevenLabsRecognizerSettings> {
  /** Default `scribe_v2_realtime`. */
  readonly model?: string;
  /** Of the sound that is sent, in hertz. Default 16,000. */
  readonly sampleRate?: number;
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
  const fixed = { model: true, sampleRate: true, finishMs: true, latencyMs: true } as const;
  checkKeys<ElevenLabsRecognizerOptions>('elevenLabsRecognizer', options, { ...elevenLabsKeys, ...own, ...fixed });
  checkElevenLabsOptions('elevenLabsRecognizer', options);
  const { model = 'scribe_v2_realtime', sampleRate = 16_000, finishMs = 1_500, latencyMs = 400 } = options;
  const { language = '', keyterms = [], endpointingMs = 0 } = options;
  const defaults: ElevenLabsRecognizerSettings = { language, keyterms, endpointingMs };
  checkText('elevenLabsRecognizer.model', model);
  checkOneOf('elevenLabsRecognizer.sampleRate', sampleRate, [8_000, 16_000, 22_050, 24_000, 44_100, 48_000]);
  checkBetween('elevenLabsRecognizer.finishMs', finishMs, 100, 60_000);
  checkBetween('elevenLabsRecognizer.latencyMs', latencyMs, 0, 60_000);
  checkSettings(defaults);
  const chunk = (samples: Int16Array, commit: boolean) => ({
    message_type: 'input_audio_chunk',
    audio_base_64: base64Of(samples),
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
      const { identity, headers } = await elevenLabsAccess('elevenlabs-recognizer', options, context.secrets);
      const url = () => {
        const settings = context.settings;
        return elevenLabsUrl(options, '/v1/speech-to-text/realtime', {
          model_id: model,
          audio_format: `pcm_${sampleRate}`,
          language_code: settings.language || undefined,
          include_timestamps: true,
          keyterms: settings.keyterms,
          commit_strategy: settings.endpointingMs === 0 ? 'manual' : 'vad',
          vad_silence_threshold_secs: settings.endpointingMs === 0 ? undefined : settings.endpointingMs / 1_000,
        });
      };
      const line = await RecognitionLine.open(context, {
        sampleRate,
        pieceMs: 100,
        finishMs,
        greets: true,
        open: () => ({ identity, headers, url: url() }),
        audio: (samples) => chunk(samples, false),
        finish: () => chunk(new Int16Array(0), true),
        reader: () => recognizerReader(identity),
      });
      return {
        write: (frame) => line.write(frame),
        flush: () => line.flush(),
        onUpdate: () => line.renew(),
        close: () => line.close(),
      };
    },
  });
}

/** Samples as the service has them: low byte first. */
function base64Of(samples: Int16Array): string {
  const bytes = Buffer.alloc(samples.length * 2);
  for (let i = 0; i < samples.length; i++) bytes.writeInt16LE(samples[i]!, 2 * i);
  return bytes.toString('base64');
}

function checkSettings({ language, keyterms, endpointingMs }: ElevenLabsRecognizerSettings): void {
  if (language !== '') checkText('elevenLabsRecognizer.language', language);
  checkTexts('elevenLabsRecognizer.keyterms', keyterms);
  if (endpointingMs !== 0) checkBetween('elevenLabsRecognizer.endpointingMs', endpointingMs, 300, 3_000);
}

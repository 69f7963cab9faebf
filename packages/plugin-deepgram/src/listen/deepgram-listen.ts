// Deepgram's recognition of speech that others cut into turns.

import { checkKeys } from '@sluice/core';
import { defineVoiceModel, type Recognizer } from '@sluice/core/voice';
import {
  checkBetween,
  checkFlag,
  checkOneOf,
  checkServiceOptions,
  checkText,
  checkTexts,
  pcmBytes,
  RecognitionLine,
  serviceAccess,
  serviceKeys,
} from '@sluice/service';
import { DEEPGRAM, type DeepgramOptions } from '../access/deepgram-options.ts';
import { listenReader } from './listen-reader.ts';

/** What may change while it runs: a change is a new connection, after what was said is finished. */
export interface DeepgramListenSettings {
  /** As BCP 47 says it: `de`, `en-GB`; `multi` for several at once. Default `en`. */
  readonly language: string;
  /** Words that are likely to be said: names, terms. Default none. */
  readonly keyterms: readonly string[];
  /** Numbers, dates and the like as they are written. Default true. */
  readonly smartFormat: boolean;
  /** Silence after which the service ends a stretch by itself, in milliseconds; 0: never. Default 300. */
  readonly endpointingMs: number;
}

/** Model and language of {@link deepgramListen}, and how its service is reached. */
export interface DeepgramListenOptions extends DeepgramOptions, Partial<DeepgramListenSettings> {
  /** Default `nova-3`. */
  readonly model?: string;
  /** Of the sound that is sent, in hertz: 8,000 to 48,000. Default 16,000. */
  readonly sampleRate?: number;
  /** How long the service may take for its last words when it is asked for them, in milliseconds. Default 1,500. */
  readonly finishMs?: number;
  /** The same where it has told nothing yet, and may have nothing to say. Default 500, or `finishMs` where that is less. */
  readonly quietMs?: number;
  /** As turn strategies take it, in milliseconds: measure it where the agent runs. Default 400. */
  readonly latencyMs?: number;
}

/** The service answers `Finalize` mostly where it holds sound back; in milliseconds. */
const QUIET_MS = 500;

/**
 * Recognises speech by Deepgram's streaming `/v1/listen`: partials while somebody speaks, word times and confidences. Words have
 * the media time of the frames that were written, whatever gaps those had. A connection that is lost, or ended by the
 * service's time limit, is made anew with all sound that was not answered.
 *
 * Secret: `apiKey`, of `open({ secrets })` or of the option. Latency: the service's, and the way there.
 *
 * @example
 * const scribe = bot.add(transcribe({ recognizer: deepgramListen({ language: 'en', apiKey: { env: 'DEEPGRAM_API_KEY' } }) }));
 * @throws TypeError, RangeError at once for options that do not exist or are out of range
 * @see deepgramFlux for one that knows when a turn is over
 */
export function deepgramListen(options: DeepgramListenOptions = {}): Recognizer<DeepgramListenSettings> {
  const own = { language: true, keyterms: true, smartFormat: true, endpointingMs: true } as const;
  const fixed = { model: true, sampleRate: true, finishMs: true, quietMs: true, latencyMs: true } as const;
  checkKeys<DeepgramListenOptions>('deepgramListen', options, { ...serviceKeys, ...own, ...fixed });
  checkServiceOptions('deepgramListen', options);
  const { model = 'nova-3', sampleRate = 16_000, finishMs = 1_500, latencyMs = 400 } = options;
  const { quietMs = Math.min(QUIET_MS, finishMs) } = options;
  const { language = 'en', keyterms = [], smartFormat = true, endpointingMs = 300 } = options;
  const defaults: DeepgramListenSettings = { language, keyterms, smartFormat, endpointingMs };
  checkText('deepgramListen.model', model);
  checkOneOf('deepgramListen.sampleRate', sampleRate, [8_000, 16_000, 24_000, 32_000, 44_100, 48_000]);
  checkBetween('deepgramListen.finishMs', finishMs, 100, 60_000);
  checkBetween('deepgramListen.quietMs', quietMs, 100, 60_000);
  checkBetween('deepgramListen.latencyMs', latencyMs, 0, 60_000);
  checkSettings(defaults);

  return defineVoiceModel({
    kind: 'recognizer',
    name: 'deepgram-listen',
    accepts: { sampleRates: [sampleRate], channels: [1] },
    latencyMs,
    words: true,
    settings: defaults,
    checkSettings,
    start: async (context) => {
      const access = await serviceAccess(DEEPGRAM, 'deepgram-listen', options, context.secrets);
      const query = () => {
        const { smartFormat, language, endpointingMs, keyterms } = context.settings;
        return {
          model,
          encoding: 'linear16',
          sample_rate: sampleRate,
          channels: 1,
          interim_results: true,
          punctuate: true,
          smart_format: smartFormat,
          language,
          endpointing: endpointingMs === 0 ? false : endpointingMs,
          keyterm: keyterms,
        };
      };
      return RecognitionLine.open(context, {
        sampleRate,
        pieceMs: 20,
        finishMs,
        quietMs,
        greets: false,
        open: () => ({
          ...access.socket('/v1/listen', query()),
          // The service ends a connection on which it hears nothing for 10 s.
          keepAlive: { everyMs: 4_000, message: () => ({ type: 'KeepAlive' }) },
          farewell: () => ({ type: 'CloseStream' }),
        }),
        audio: pcmBytes,
        finish: () => ({ type: 'Finalize' }),
        reader: () => listenReader(access.identity),
      });
    },
  });
}

function checkSettings({ language, keyterms, smartFormat, endpointingMs }: DeepgramListenSettings): void {
  checkText('deepgramListen.language', language);
  checkTexts('deepgramListen.keyterms', keyterms);
  checkFlag('deepgramListen.smartFormat', smartFormat);
  checkBetween('deepgramListen.endpointingMs', endpointingMs, 0, 10_000);
}

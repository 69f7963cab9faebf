// Deepgram's recognition of speech that knows when a turn is over.

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
import { DEEPGRAM, type DeepgramOptions } from '../access/deepgram-options.ts';
import { fluxReader } from './flux-reader.ts';

/** What may change while it runs, on the connection that there is. */
export interface DeepgramFluxSettings {
  /** How sure the service has to be that a turn is over: 0.5 to 1, 1 for never by itself. Default 0.7. */
  readonly threshold: number;
  /** The same for telling that it is probably over (`ending`): 0.3 to 0.9; 0: never told. Default 0. */
  readonly eagerThreshold: number;
  /** Silence after which a turn is over at any rate, in milliseconds: 500 to 60,000. Default 5,000. */
  readonly timeoutMs: number;
  /** Words that are likely to be said: names, terms. Default none. */
  readonly keyterms: readonly string[];
}

/** Model and thresholds of {@link deepgramFlux}, and how its service is reached. */
export interface DeepgramFluxOptions extends DeepgramOptions, Partial<DeepgramFluxSettings> {
  /** `flux-general-en`, or `flux-general-multi`. Default the first. */
  readonly model?: string;
  /** Languages that `flux-general-multi` is to expect: `['de', 'en']`. Default any. */
  readonly languageHints?: readonly string[];
  /** Of the sound that is sent, in hertz. Default 16,000. */
  readonly sampleRate?: number;
  /** How long the service may take to end a turn when it is asked to, in milliseconds. Default 1,500. */
  readonly finishMs?: number;
  /** The same where it has told nothing yet, and may have nothing to say. Default 500, or `finishMs` where that is less. */
  readonly quietMs?: number;
  /** From the last voiced sample to the end of a clear turn, in milliseconds: measure it where the agent runs. Default 600. */
  readonly latencyMs?: number;
}

/** The service passes over `ForceEndTurn` where there is no turn; in milliseconds. */
const QUIET_MS = 500;

/**
 * Recognises speech by Deepgram's `/v2/listen`, and tells with the words what becomes of the turn: use it with
 * `recognizerTurns()`. It has to hear the silence too: no gate before it. Words have the media time of the frames that were
 * written; a connection that is lost is made anew with all sound that was not answered. `flush()` ends the turn.
 *
 * Secret: `apiKey`, of `open({ secrets })` or of the option. Latency: the service's; sound is sent in pieces of 80 ms.
 *
 * @example
 * const recognizer = deepgramFlux({ eagerThreshold: 0.5 });
 * voiceAgent(bot, { ...models, hears, speaks, recognizer, turns: [recognizerTurns(), backChannels()] });
 * @throws TypeError, RangeError at once for options that do not exist or are out of range
 */
export function deepgramFlux(options: DeepgramFluxOptions = {}): Recognizer<DeepgramFluxSettings> {
  const own = { threshold: true, eagerThreshold: true, timeoutMs: true, keyterms: true } as const;
  const fixed = {
    model: true,
    languageHints: true,
    sampleRate: true,
    finishMs: true,
    quietMs: true,
    latencyMs: true,
  } as const;
  checkKeys<DeepgramFluxOptions>('deepgramFlux', options, { ...serviceKeys, ...own, ...fixed });
  checkServiceOptions('deepgramFlux', options);
  const { model = 'flux-general-en', languageHints = [], sampleRate = 16_000 } = options;
  const { finishMs = 1_500, latencyMs = 600 } = options;
  const { quietMs = Math.min(QUIET_MS, finishMs) } = options;
  const { threshold = 0.7, eagerThreshold = 0, timeoutMs = 5_000, keyterms = [] } = options;
  const defaults: DeepgramFluxSettings = { threshold, eagerThreshold, timeoutMs, keyterms };
  checkText('deepgramFlux.model', model);
  checkTexts('deepgramFlux.languageHints', languageHints);
  checkOneOf('deepgramFlux.sampleRate', sampleRate, [8_000, 16_000, 24_000, 44_100, 48_000]);
  checkBetween('deepgramFlux.finishMs', finishMs, 100, 60_000);
  checkBetween('deepgramFlux.quietMs', quietMs, 100, 60_000);
  checkBetween('deepgramFlux.latencyMs', latencyMs, 0, 60_000);
  checkSettings(defaults);

  return defineVoiceModel({
    kind: 'recognizer',
    name: 'deepgram-flux',
    accepts: { sampleRates: [sampleRate], channels: [1] },
    latencyMs,
    words: true,
    turns: true,
    settings: defaults,
    checkSettings,
    start: async (context) => {
      const access = await serviceAccess(DEEPGRAM, 'deepgram-flux', options, context.secrets);
      const thresholds = () => ({
        eot_threshold: context.settings.threshold,
        eager_eot_threshold: context.settings.eagerThreshold || undefined,
        eot_timeout_ms: context.settings.timeoutMs,
      });
      const line = await RecognitionLine.open(context, {
        sampleRate,
        pieceMs: 80,
        finishMs,
        quietMs,
        greets: false,
        open: () => ({
          ...access.socket('/v2/listen', {
            model,
            encoding: 'linear16',
            sample_rate: sampleRate,
            ...thresholds(),
            keyterm: context.settings.keyterms,
            language_hint: languageHints,
          }),
          farewell: () => ({ type: 'CloseStream' }),
        }),
        audio: pcmBytes,
        finish: () => ({ type: 'ForceEndTurn' }),
        reader: () => fluxReader(access.identity),
      });
      let { eagerThreshold: before } = context.settings;
      return {
        write: (frame) => line.write(frame),
        flush: () => line.flush(),
        onUpdate: () => {
          const { eagerThreshold: now, keyterms: terms } = context.settings;
          // A threshold can be moved, but not taken away.
          if (before !== 0 && now === 0) line.renew();
          else line.say({ type: 'Configure', thresholds: thresholds(), keyterms: terms });
          before = now;
        },
        close: () => line.close(),
      };
    },
  });
}

function checkSettings({ threshold, eagerThreshold, timeoutMs, keyterms }: DeepgramFluxSettings): void {
  checkBetween('deepgramFlux.threshold', threshold, 0.5, 1);
  if (eagerThreshold !== 0) checkBetween('deepgramFlux.eagerThreshold', eagerThreshold, 0.3, 0.9);
  checkBetween('deepgramFlux.timeoutMs', timeoutMs, 500, 60_000);
  checkTexts('deepgramFlux.keyterms', keyterms);
}

// Deepgram's speech from text.

import { checkKeys } from '@sluice/core';
import { defineVoiceModel, type Synthesizer } from '@sluice/core/voice';
import {
  checkBetween,
  checkOneOf,
  checkServiceOptions,
  checkText,
  fieldsOf,
  SpeechLine,
  type SpeechNews,
  serviceAccess,
  serviceKeys,
} from '@sluice/service';
import { DEEPGRAM, type DeepgramOptions } from '../access/deepgram-options.ts';
import { piecesOf } from './pieces-of.ts';

/** What may change while it runs: a change is a new connection, with the next request. */
export interface DeepgramSpeakSettings {
  /** The model, which is a voice: `aura-2-thalia-en`, `aura-2-viktoria-de`. */
  readonly voice: string;
  /** 0.7 to 1.5, where the voice has it. Default 1. */
  readonly speed: number;
}

/** Voice and format of {@link deepgramSpeak}, and how its service is reached. */
export interface DeepgramSpeakOptions extends DeepgramOptions, Partial<DeepgramSpeakSettings> {
  /** Of the sound, in hertz: 8,000, 16,000, 24,000, 32,000 or 48,000. Default 24,000. */
  readonly sampleRate?: number;
  /** How long nothing may come of a request under way, in milliseconds. Default 10,000. */
  readonly silenceMs?: number;
  /** As it is shown, in milliseconds: measure it where the agent runs. Default 250. */
  readonly latencyMs?: number;
}

/** Characters in one message, and requests in a minute, that the service takes. */
const MOST_CHARACTERS = 2_000;
const MOST_FLUSHES = 20;

/**
 * Speaks by Deepgram's streaming `/v1/speak`: one request after the other on one connection, `Flush` after each, `Clear` when it is
 * cancelled. The service takes 20 flushes a minute: a further request has a new connection. It tells no word times.
 *
 * Secret: `apiKey`, of `open({ secrets })` or of the option. Latency: the service's, and the way there.
 *
 * @example
 * const mouth = bot.add(speak({ synthesizer: deepgramSpeak({ voice: 'aura-2-thalia-en', apiKey: { env: 'DEEPGRAM_API_KEY' } }) }));
 * @throws TypeError, RangeError at once for options that do not exist or are out of range
 */
export function deepgramSpeak(options: DeepgramSpeakOptions = {}): Synthesizer<DeepgramSpeakSettings> {
  const own = { voice: true, speed: true, sampleRate: true, silenceMs: true, latencyMs: true } as const;
  checkKeys<DeepgramSpeakOptions>('deepgramSpeak', options, { ...serviceKeys, ...own });
  checkServiceOptions('deepgramSpeak', options);
  const { voice = 'aura-2-thalia-en', speed = 1, sampleRate = 24_000, silenceMs = 10_000, latencyMs = 250 } = options;
  const defaults: DeepgramSpeakSettings = { voice, speed };
  checkOneOf('deepgramSpeak.sampleRate', sampleRate, [8_000, 16_000, 24_000, 32_000, 48_000]);
  checkBetween('deepgramSpeak.silenceMs', silenceMs, 100, 600_000);
  checkBetween('deepgramSpeak.latencyMs', latencyMs, 0, 60_000);
  checkSettings(defaults);

  return defineVoiceModel({
    kind: 'synthesizer',
    name: 'deepgram-speak',
    produces: { sampleRate, channels: 1 },
    latencyMs,
    words: false,
    settings: defaults,
    checkSettings,
    start: async (context) => {
      const access = await serviceAccess(DEEPGRAM, 'deepgram-speak', options, context.secrets);
      return SpeechLine.open(context, {
        sampleRate,
        silenceMs,
        mostAMinute: MOST_FLUSHES,
        open: () => ({
          ...access.socket('/v1/speak', {
            model: context.settings.voice,
            encoding: 'linear16',
            sample_rate: sampleRate,
            speed: context.settings.speed === 1 ? undefined : context.settings.speed,
          }),
          farewell: () => ({ type: 'Close' }),
        }),
        ask: ({ text }) => [
          ...piecesOf(text, MOST_CHARACTERS).map((piece) => ({ type: 'Speak', text: piece })),
          { type: 'Flush' },
        ],
        cancel: () => [{ type: 'Clear' }],
        reader: speakReader,
      });
    },
  });
}

function speakReader(): (message: unknown, heardMs: number) => readonly SpeechNews[] {
  let isCleared = false;
  return (message, heardMs) => {
    if (message instanceof Uint8Array) return [{ type: 'audio', bytes: message }];
    const { type } = fieldsOf(message);
    if (type === 'Cleared') {
      isCleared = true;
      return [{ type: 'cleared' }];
    }
    if (type !== 'Flushed') return [];
    // The end of what was cleared, late: what is asked now has not sounded yet.
    const isStale = isCleared && heardMs === 0;
    isCleared = false;
    return isStale ? [] : [{ type: 'finished' }];
  };
}

function checkSettings({ voice, speed }: DeepgramSpeakSettings): void {
  checkText('deepgramSpeak.voice', voice);
  checkBetween('deepgramSpeak.speed', speed, 0.7, 1.5);
}

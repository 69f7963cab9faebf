import { checkKeys, invalidArgument, outOfRange } from '@sluice/core';
import { checkOpenAiOptions, type OpenAiOptions, openAiKeys } from '../access/open-ai-options.ts';

export const realtimeFormats = ['audio/pcm', 'audio/pcmu', 'audio/pcma'] as const;
/** Of the sound, both ways: 24 kHz with 16 bits, or 8 kHz in G.711. */
export type RealtimeFormat = (typeof realtimeFormats)[number];

/** How the service finds the ends of turns. */
export type RealtimeTurns =
  | {
      readonly type: 'server_vad';
      /** From 0 to 1: how loud it takes to be speech. Default 0.5. */
      readonly threshold?: number;
      /** Silence after which a turn is over, in milliseconds. Default 500. */
      readonly silenceMs?: number;
    }
  | {
      readonly type: 'semantic_vad';
      /** How soon it answers who may have more to say: `low` waits longest. Default `auto`, which is the service's middle. */
      readonly eagerness?: 'low' | 'medium' | 'high' | 'auto';
    }
  /** Not at all: whoever uses it does. */
  | { readonly type: 'none' };

/** Model, voice and turns of {@link openaiRealtime}, and how its service is reached. */
export interface OpenAiRealtimeOptions extends Omit<OpenAiOptions, 'retries'> {
  /** Default `gpt-realtime-2.1`. */
  readonly model?: string;
  /** Default `marin`. It cannot change while a session lasts. */
  readonly voice?: string;
  /** Default `audio/pcm`. */
  readonly format?: RealtimeFormat;
  /** Default `server_vad`. */
  readonly turns?: RealtimeTurns;
  /** The model that tells the person's words. Default `gpt-4o-mini-transcribe`; false: nobody does. */
  readonly transcription?: string | false;
  /** Of the person, as two letters: makes their words surer. */
  readonly language?: string;
  /** Of the person's microphone. Default: none, as calls have their own. */
  readonly noiseReduction?: 'near_field' | 'far_field';
}

/** What may change while a session lasts. */
export interface OpenAiRealtimeSettings {
  /** Of the voice, from 0.25 to 1.5. Default 1. */
  readonly speed: number;
  /** The longest reply, in tokens. Default `inf`. */
  readonly maxOutputTokens: number | 'inf';
}

/** Options with what is not given. */
export interface RealtimeConfig extends OpenAiRealtimeOptions {
  readonly model: string;
  readonly voice: string;
  readonly format: RealtimeFormat;
  readonly turns: RealtimeTurns;
  readonly transcription: string | false;
}

const name = 'openaiRealtime';

/** Checks options at once. */
export function realtimeConfig(options: OpenAiRealtimeOptions): RealtimeConfig {
  const { retries: _none, ...shared } = openAiKeys;
  checkKeys<OpenAiRealtimeOptions>(name, options, {
    ...shared,
    model: true,
    voice: true,
    format: true,
    turns: true,
    transcription: true,
    language: true,
    noiseReduction: true,
  });
  checkOpenAiOptions(name, options);
  const { format = 'audio/pcm', turns = { type: 'server_vad' }, transcription = 'gpt-4o-mini-transcribe' } = options;
  if (!realtimeFormats.includes(format))
    throw invalidArgument(`${name}.format`, `one of ${realtimeFormats.join(', ')}`, format);
  checkTurns(turns);
  if (transcription !== false && typeof transcription !== 'string')
    throw invalidArgument(`${name}.transcription`, 'the name of a model, or false', transcription);
  const { model = 'gpt-realtime-2.1', voice = 'marin' } = options;
  return { ...options, model, voice, format, turns, transcription };
}

function checkTurns(turns: RealtimeTurns): void {
  const types = ['server_vad', 'semantic_vad', 'none'];
  if (!types.includes(turns?.type)) throw invalidArgument(`${name}.turns.type`, `one of ${types.join(', ')}`, turns);
  if (turns.type !== 'server_vad') return;
  const { threshold = 0.5, silenceMs = 500 } = turns;
  if (!(threshold >= 0 && threshold <= 1)) throw outOfRange(`${name}.turns.threshold`, '0 to 1', threshold);
  if (!(silenceMs > 0)) throw outOfRange(`${name}.turns.silenceMs`, 'milliseconds above 0', silenceMs);
}

/** Checks settings at once. */
export function checkRealtimeSettings({ speed, maxOutputTokens }: OpenAiRealtimeSettings): void {
  if (!(speed >= 0.25 && speed <= 1.5)) throw outOfRange(`${name}.speed`, '0.25 to 1.5', speed);
  if (maxOutputTokens !== 'inf' && !(Number.isSafeInteger(maxOutputTokens) && maxOutputTokens > 0))
    throw outOfRange(`${name}.maxOutputTokens`, 'an integer above 0, or inf', maxOutputTokens);
}

import { type Clock, checkKeys, invalidArgument, realClock } from '@sluice/core';
import { isVoiceModel, type Recognizer, type VoiceDetector } from '@sluice/core/voice';
import type { TranscriptionSettings } from '@sluice/protocol';
import { CallClient } from '@sluice/transport';

/** With which model {@link roomTranscriber} hears, and what it tells. */
export interface RoomTranscriberOptions<Settings = unknown> {
  /** Hears everybody, each in a session of their own; or what gives one for the language and model that were asked for. */
  readonly recognizer: Recognizer<Settings> | ((settings: TranscriptionSettings) => Recognizer<Settings>);
  /** Tells it when somebody has finished. Default: the recogniser decides by itself. */
  readonly detector?: VoiceDetector;
  /** What is handed to the recogniser's sessions. Default: `extra` of what was asked for, as it is. */
  readonly settings?: (settings: TranscriptionSettings) => Partial<Settings>;
  /** Keys and passwords of the model, by name; they appear in no message. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Tracks to listen to: `microphone`, `screenAudio`, names of custom tracks. Default: microphones. */
  readonly sources?: readonly string[];
  /** Makes the client that enters a room. Default: one with the devices of `Daily`, which must be initialised. */
  readonly client?: () => CallClient;
  /** By which what is said is timed. Default: the real one. */
  readonly clock?: Clock;
}

export type TranscriberConfig<Settings> = Required<Omit<RoomTranscriberOptions<Settings>, 'detector' | 'recognizer'>> &
  Pick<RoomTranscriberOptions<Settings>, 'detector'> & {
    readonly recognizer: (settings: TranscriptionSettings) => Recognizer<Settings>;
  };

/** The options with their defaults, checked. */
export function transcriberConfig<Settings>(options: RoomTranscriberOptions<Settings>): TranscriberConfig<Settings> {
  checkKeys<RoomTranscriberOptions<Settings>>('roomTranscriber', options, {
    recognizer: true,
    detector: true,
    settings: true,
    secrets: true,
    sources: true,
    client: true,
    clock: true,
  });
  const { recognizer, detector, secrets = {}, sources = ['microphone'], clock = realClock } = options;
  const { settings = ({ extra = {} }) => extra as Partial<Settings>, client = () => new CallClient() } = options;
  if (typeof recognizer !== 'function') checkRecognizer(recognizer);
  if (detector !== undefined && !isVoiceModel(detector, 'voice-detector'))
    throw invalidArgument('roomTranscriber.detector', 'a VoiceDetector', detector);
  if (!Array.isArray(sources) || !sources.every((source) => typeof source === 'string'))
    throw invalidArgument('roomTranscriber.sources', 'names of audio tracks', sources);
  const choose =
    typeof recognizer === 'function'
      ? (asked: TranscriptionSettings) => checkRecognizer(recognizer(asked))
      : () => recognizer;
  return { recognizer: choose, settings, secrets, sources, client, clock, ...(detector !== undefined && { detector }) };
}

function checkRecognizer<Settings>(recognizer: Recognizer<Settings>): Recognizer<Settings> {
  if (isVoiceModel(recognizer, 'recognizer')) return recognizer;
  throw invalidArgument('roomTranscriber.recognizer', 'a Recognizer', recognizer);
}

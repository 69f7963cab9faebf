import { checkKeys, invalidArgument } from '@sluice/core';
import {
  type RecordingSettings,
  recordingSettings,
  type TranscriptionSettings,
  transcriptionSettings,
} from '@sluice/protocol';
import { checkSettings } from '../check-settings.ts';
import { type Completion, type DataCompletion, withoutData } from '../completion.ts';
import { checkId, checkIds } from '../control/check-asks.ts';
import { SERVICE_MS } from './call-parts.ts';
import { ControlClient } from './control-client.ts';

/** Which recording or stream is meant. */
export interface StreamOptions {
  /** Which recording, where several run. Default: the only one, or all. */
  readonly streamId?: string;
}

/** Which recording is begun, and how. */
export interface StartRecordingOptions extends StreamOptions {
  /** What is recorded, in which form. Default: as the server has it. */
  readonly streamingSettings?: RecordingSettings;
  /** Begins another one where one runs under this id. Default: false. */
  readonly forceNew?: boolean;
}

/** Which transcription is meant. */
export interface InstanceOptions {
  /** Which transcription, where several run. Default: the only one, or all. */
  readonly instanceId?: string;
}

/** Whom a transcription hears. */
export interface UpdateTranscriptionOptions extends InstanceOptions {
  /** Participant ids; null: everybody. */
  readonly participants: readonly string[] | null;
}

/** What a room does for its participants: recording and transcription. */
export abstract class ServiceClient extends ControlClient {
  /**
   * Records the call where the room server has a recorder. Resolves with the id of the stream when the recording runs.
   * Time limit: 20 s.
   *
   * @throws `SLUICE_ROOM_DENIED` without the permission `canAdmin: ['streaming']`, for a room that is not recorded, and for
   * a recording that runs already.
   */
  startRecording(options: StartRecordingOptions = {}, completion?: DataCompletion<string>): Promise<string> {
    return this.parts.ask(
      {
        name: 'startRecording',
        capability: 'recording',
        timeoutMs: SERVICE_MS,
        ask: () => {
          named('startRecording', options);
          const keys = { streamId: true, streamingSettings: true, forceNew: true } as const;
          checkKeys<StartRecordingOptions>('startRecording', options, keys);
          const { streamingSettings, forceNew } = options;
          if (forceNew !== undefined && typeof forceNew !== 'boolean')
            throw invalidArgument('forceNew', 'true or false', forceNew);
          return {
            ask: 'start-recording',
            ...(streamingSettings !== undefined && {
              settings: checkRecording('streamingSettings', streamingSettings),
            }),
            ...streamOf(options),
            ...(forceNew !== undefined && { forceNew }),
          };
        },
      },
      completion,
      ({ streamId = '' }) => streamId,
      completion,
    );
  }

  /** Ends the recording. Resolves when everything is written. Time limit: 20 s. */
  stopRecording(options: StreamOptions = {}, completion?: Completion): Promise<void> {
    return this.parts.tell(
      {
        name: 'stopRecording',
        capability: 'recording',
        timeoutMs: SERVICE_MS,
        ask: () => ({ ask: 'stop-recording', ...checkStream('stopRecording', options) }),
      },
      completion,
    );
  }

  /** Changes a recording while it runs: its layout, for example. */
  updateRecording(
    updateSettings: RecordingSettings,
    options: StreamOptions = {},
    completion?: Completion,
  ): Promise<void> {
    return this.parts.tell(
      {
        name: 'updateRecording',
        capability: 'recording',
        ask: () => ({
          ask: 'update-recording',
          settings: checkRecording('updateSettings', updateSettings),
          ...checkStream('updateRecording', options),
        }),
      },
      completion,
    );
  }

  /**
   * Transcribes the call where the room server has a transcriber; what is said comes as `transcription-message`. Resolves
   * with the id of the instance. Time limit: 20 s.
   *
   * @throws `SLUICE_ROOM_DENIED` without the permission `canAdmin: ['transcription']`, and for a room that is not
   * transcribed.
   */
  startTranscription(settings: TranscriptionSettings = {}, completion?: Completion): Promise<string> {
    return this.parts.ask(
      {
        name: 'startTranscription',
        capability: 'transcription',
        timeoutMs: SERVICE_MS,
        ask: () => ({
          ask: 'start-transcription',
          settings: checkSettings<TranscriptionSettings>(transcriptionSettings, 'settings', settings),
        }),
      },
      completion,
      ({ instanceId = '' }) => instanceId,
      withoutData(completion),
    );
  }

  /** Time limit: 20 s. */
  stopTranscription(options: InstanceOptions = {}, completion?: Completion): Promise<void> {
    return this.parts.tell(
      {
        name: 'stopTranscription',
        capability: 'transcription',
        timeoutMs: SERVICE_MS,
        ask: () => {
          checkKeys<InstanceOptions>('stopTranscription', options, { instanceId: true });
          return { ask: 'stop-transcription', ...instanceOf(options) };
        },
      },
      completion,
    );
  }

  /** Changes whom a transcription listens to while it runs. */
  updateTranscription(options: UpdateTranscriptionOptions, completion?: Completion): Promise<void> {
    return this.parts.tell(
      {
        name: 'updateTranscription',
        capability: 'transcription',
        ask: () => {
          if (Array.isArray(options))
            throw invalidArgument('updateTranscription', 'the ids inside the options: { participants }', options);
          const keys = { participants: true, instanceId: true } as const;
          checkKeys<UpdateTranscriptionOptions>('updateTranscription', options, keys);
          const { participants } = options;
          return {
            ask: 'update-transcription',
            participants: participants === null ? null : checkIds('participants', participants, { least: 0 }),
            ...instanceOf(options),
          };
        },
      },
      completion,
    );
  }
}

/** The stream id alone is a habit from Python. */
function named(name: string, options: unknown): void {
  if (typeof options === 'string')
    throw invalidArgument(name, 'the stream id inside the options: { streamId }', options);
}

function checkStream(name: string, options: StreamOptions): { streamId?: string } {
  named(name, options);
  checkKeys<StreamOptions>(name, options, { streamId: true });
  return streamOf(options);
}

function streamOf({ streamId }: StreamOptions): { streamId?: string } {
  if (streamId === undefined) return {};
  if (typeof streamId !== 'string' || !/^[^\p{Cc}\p{Cs}]{1,128}$/u.test(streamId) || Buffer.byteLength(streamId) > 128)
    throw invalidArgument('streamId', '1 to 128 bytes without control characters', streamId);
  return { streamId };
}

function instanceOf({ instanceId }: InstanceOptions): { instanceId?: string } {
  return instanceId === undefined ? {} : { instanceId: checkId('instanceId', instanceId) };
}

function checkRecording(name: string, settings: unknown): RecordingSettings {
  return checkSettings<RecordingSettings>(recordingSettings, name, settings);
}

import { type Clock, invalidArgument, toError } from '@sluice/core';
import {
  parseServerMessage,
  type RecordingSettings,
  type RecordingStatus,
  type ServerMessage,
  type TranscriptionMessage,
  type TranscriptionSettings,
  type TranscriptionStatus,
} from '@sluice/protocol';
import type { RoomRecorder, RoomTranscriber, ServiceEntry } from '../room-services.ts';
import { type Run, ServiceRuns } from './service-runs.ts';

export interface RoomServicesOptions {
  readonly clock: Clock;
  readonly recorder: RoomRecorder | undefined;
  readonly transcriber: RoomTranscriber | undefined;
  readonly enter: () => { readonly entry: ServiceEntry; readonly close: () => void };
  /** Tells everybody in the room. */
  readonly tell: (message: ServerMessage) => void;
}

/** The recordings of a room; undefined where the server cannot record. */
export function createRecordings(options: RoomServicesOptions): ServiceRuns<RecordingSettings> | undefined {
  const { clock, enter, tell, recorder } = options;
  if (recorder === undefined) return undefined;
  return new ServiceRuns<RecordingSettings>({
    clock,
    enter,
    start: (run, entry) => recorder({ entry, status: recordingStatus(run), settings: run.settings }),
    maxDuration: ({ maxDuration }) => maxDuration,
    news: {
      started: (run) => tell({ type: 'recording-started', status: recordingStatus(run) }),
      updated: (run) => tell({ type: 'recording-updated', status: recordingStatus(run) }),
      stopped: ({ key }) => tell({ type: 'recording-stopped', streamId: key }),
      failed: ({ key }, message) => tell({ type: 'recording-error', streamId: key, message }),
    },
  });
}

/** The transcriptions of a room; undefined where the server cannot transcribe. */
export function createTranscriptions(options: RoomServicesOptions): ServiceRuns<TranscriptionSettings> | undefined {
  const { clock, enter, tell, transcriber } = options;
  if (transcriber === undefined) return undefined;
  const stopped = ({ key }: Run<TranscriptionSettings>, updatedBy: string | null, stoppedByError: boolean) =>
    tell({ type: 'transcription-stopped', instanceId: key, updatedBy, stoppedByError });
  return new ServiceRuns<TranscriptionSettings>({
    clock,
    enter,
    start: (run, entry) =>
      transcriber({
        entry,
        status: transcriptionStatus(run),
        settings: run.settings,
        tell: (message) => {
          if (!run.over) tell(transcribed(message, run.key));
        },
      }),
    maxDuration: () => undefined,
    news: {
      started: (run) => tell({ type: 'transcription-started', status: transcriptionStatus(run) }),
      updated: (run, updatedBy) => tell({ type: 'transcription-updated', status: transcriptionStatus(run), updatedBy }),
      stopped: (run, by) => stopped(run, by, false),
      failed: (run, message) => {
        tell({ type: 'transcription-error', instanceId: run.key, message });
        stopped(run, null, true);
      },
    },
  });
}

export function recordingStatus({ key, id, startedBy, settings }: Run<RecordingSettings>): RecordingStatus {
  const { layout } = settings;
  return { streamId: key, recordingId: id, startedBy, ...(layout === undefined ? {} : { layout }) };
}

export function transcriptionStatus({ key, id, startedBy, settings }: Run<TranscriptionSettings>): TranscriptionStatus {
  const { language, model, participants } = settings;
  return {
    instanceId: key,
    transcriptId: id,
    startedBy,
    ...(language === undefined ? {} : { language }),
    ...(model === undefined ? {} : { model }),
    ...(participants === undefined ? {} : { participants }),
  };
}

/** What a service tells, checked: a message that is none would make every client leave. */
function transcribed(message: TranscriptionMessage, instanceId: string): ServerMessage {
  const news: ServerMessage = { type: 'transcription-message', message: { ...message, instanceId } };
  try {
    return parseServerMessage(JSON.stringify(news));
  } catch (error) {
    throw invalidArgument('message', `a message of a transcription: ${toError(error).message}`, message);
  }
}

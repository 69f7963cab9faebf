import type { RecordingStatus, TranscriptionMessage, TranscriptionStatus } from '@sluice/protocol';

/** Events of what a room does for its participants: recording and transcription. */
export interface ServiceEvents {
  /** Also for each recording that runs already, when the call is joined. */
  readonly 'recording-started': { readonly status: RecordingStatus };
  /** Another layout, for example. */
  readonly 'recording-updated': { readonly status: RecordingStatus };
  /** A recording is over. */
  readonly 'recording-stopped': { readonly streamId: string };
  /** A recording ended with a fault. */
  readonly 'recording-error': { readonly streamId: string; readonly message: string };
  /** Also for each transcription that runs already, when the call is joined. */
  readonly 'transcription-started': { readonly status: TranscriptionStatus };
  /** Other participants are transcribed. `participants` is null for everybody. */
  readonly 'transcription-updated': {
    readonly participants: readonly string[] | null;
    readonly instanceId: string;
    readonly updatedBy: string | null;
  };
  /** A transcription is over. */
  readonly 'transcription-stopped': {
    readonly instanceId: string;
    /** Participant id; null: nobody asked for it. */
    readonly updatedBy: string | null;
    readonly stoppedByError: boolean;
  };
  /** A transcription ended with a fault. */
  readonly 'transcription-error': { readonly instanceId: string; readonly message: string };
  /** What somebody said, so far or in full. */
  readonly 'transcription-message': TranscriptionMessage;
}

export const serviceEventNames = {
  'recording-started': true,
  'recording-updated': true,
  'recording-stopped': true,
  'recording-error': true,
  'transcription-started': true,
  'transcription-updated': true,
  'transcription-stopped': true,
  'transcription-error': true,
  'transcription-message': true,
} as const satisfies { readonly [K in keyof ServiceEvents]: true };

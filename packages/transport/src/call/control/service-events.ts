import type { RecordingStatus, TranscriptionMessage, TranscriptionStatus } from '@sluice/protocol';

/** Events of what a room does for its participants: recording and transcription. */
export interface ServiceEvents {
  /** Also for each recording that runs already, when the call is joined. */
  readonly 'recording-started': { readonly status: RecordingStatus };
  /** Another layout, for example. */
  readonly 'recording-updated': { readonly status: RecordingStatus };
  readonly 'recording-stopped': { readonly streamId: string };
  readonly 'recording-error': { readonly streamId: string; readonly message: string };
  /** Also for each transcription that runs already, when the call is joined. */
  readonly 'transcription-started': { readonly status: TranscriptionStatus };
  /** Other participants are transcribed. `participants` is null for everybody. */
  readonly 'transcription-updated': {
    readonly participants: readonly string[] | null;
    readonly instanceId: string;
    readonly updatedBy: string | null;
  };
  readonly 'transcription-stopped': {
    readonly instanceId: string;
    /** Participant id; null: nobody asked for it. */
    readonly updatedBy: string | null;
    readonly stoppedByError: boolean;
  };
  readonly 'transcription-error': { readonly instanceId: string; readonly message: string };
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

// Events of the service as far as they are read here. What it sends beside them is passed over.

export interface WireItem {
  readonly id: string;
  readonly type: string;
  readonly role?: string;
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: string;
}

export interface WireError {
  readonly type?: string;
  readonly code?: string | null;
  readonly message?: string;
  readonly event_id?: string | null;
}

export interface WireResponse {
  readonly id: string;
  readonly status?: string;
  readonly metadata?: { readonly sluice?: string } | null;
  readonly output?: readonly WireItem[];
  readonly status_details?: { readonly reason?: string; readonly error?: WireError } | null;
}

export type WireEvent =
  | { readonly type: 'session.created' | 'session.updated' }
  | { readonly type: 'error'; readonly error: WireError }
  | {
      readonly type: 'input_audio_buffer.speech_started';
      readonly item_id: string;
      readonly audio_start_ms?: number;
    }
  | { readonly type: 'input_audio_buffer.speech_stopped'; readonly item_id: string; readonly audio_end_ms?: number }
  | { readonly type: 'input_audio_buffer.committed'; readonly item_id: string }
  | {
      readonly type: 'conversation.item.input_audio_transcription.delta';
      readonly item_id: string;
      readonly delta?: string;
    }
  | {
      readonly type: 'conversation.item.input_audio_transcription.completed';
      readonly item_id: string;
      readonly transcript: string;
    }
  | { readonly type: 'conversation.item.input_audio_transcription.failed'; readonly item_id: string }
  | { readonly type: 'response.created' | 'response.done'; readonly response: WireResponse }
  | {
      readonly type: 'response.output_item.added' | 'response.output_item.done';
      readonly response_id: string;
      readonly item: WireItem;
    }
  | {
      readonly type: 'response.output_audio.delta' | 'response.output_audio_transcript.delta';
      readonly response_id: string;
      readonly item_id: string;
      readonly delta: string;
    };

import type { JSX } from 'preact';
import type { CallState, CallView } from './call-view.ts';
import { Icon } from './icons.tsx';

export interface OwnerProps {
  readonly call: CallView;
  readonly state: CallState;
}

/** What is done to the whole room, by who may. */
export function Owner({ call, state }: OwnerProps): JSX.Element {
  const { recording, transcribing, may } = state;
  return (
    <div class="foot">
      {may.record && (
        <button type="button" class={`button small ${recording ? 'off' : ''}`} onClick={() => call.record(!recording)}>
          <Icon name="record" />
          {recording ? 'Stop recording' : 'Record'}
        </button>
      )}
      {may.transcribe && (
        <button type="button" class="button small" onClick={() => call.transcribe(!transcribing)}>
          <Icon name="captions" />
          {transcribing ? 'Stop transcription' : 'Transcribe'}
        </button>
      )}
    </div>
  );
}

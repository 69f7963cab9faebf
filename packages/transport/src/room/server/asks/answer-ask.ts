import type { Ask, Denial, Grant } from '@sluice/protocol';
import { DenialError } from '../denial-error.ts';
import type { Member } from '../members/member.ts';
import type { AskRoom } from './ask-room.ts';
import { admit, eject, updateOwnPermissions, updateParticipants } from './control.ts';
import { appMessage, chat, dtmf } from './messages.ts';
import {
  startRecording,
  startTranscription,
  stopRecording,
  stopTranscription,
  updateRecording,
  updateTranscription,
} from './streaming.ts';

/** What a member is told. */
export type Outcome = { readonly grant: Grant } | { readonly denial: Denial; readonly message: string };

/**
 * Does what a member asks for, if it may. `answer` is called once, at once for all that needs no service, so that
 * answers come in the order of their questions.
 */
export function answerAsk(room: AskRoom, by: Member, ask: Ask, answer: (outcome: Outcome) => void): void {
  const denied = (error: unknown) =>
    error instanceof DenialError
      ? answer({ denial: error.denial, message: error.message })
      : answer({ denial: 'failed', message: 'the room could not do it' });
  try {
    const done = carryOut(room, by, ask);
    if (done !== undefined) done.then((grant) => answer({ grant })).catch(denied);
    else answer({ grant: {} });
  } catch (error) {
    denied(error);
  }
}

function carryOut(room: AskRoom, by: Member, ask: Ask): Promise<Grant> | undefined {
  switch (ask.ask) {
    case 'app-message':
      appMessage(room, by, ask);
      return undefined;
    case 'chat':
      chat(room, by, ask);
      return undefined;
    case 'dtmf':
      dtmf(room, by, ask);
      return undefined;
    case 'update-participants':
      updateParticipants(room, by, ask);
      return undefined;
    case 'update-permissions':
      updateOwnPermissions(room, by, ask);
      return undefined;
    case 'eject':
      eject(room, by, ask);
      return undefined;
    case 'take-place':
      room.takePlace(by);
      return undefined;
    case 'admit':
      admit(room, by, ask);
      return undefined;
    case 'start-recording':
      return startRecording(room, by, ask);
    case 'stop-recording':
      return stopRecording(room, by, ask);
    case 'update-recording':
      return updateRecording(room, by, ask);
    case 'start-transcription':
      return startTranscription(room, by, ask);
    case 'stop-transcription':
      return stopTranscription(room, by, ask);
    case 'update-transcription':
      return updateTranscription(room, by, ask);
  }
}

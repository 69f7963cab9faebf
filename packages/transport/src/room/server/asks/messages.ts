import type { Ask } from '@sluice/protocol';
import { DenialError } from '../denial-error.ts';
import type { Member } from '../members/member.ts';
import { type AskRoom, needParticipant } from './ask-room.ts';

type Of<K extends Ask['ask']> = Extract<Ask, { readonly ask: K }>;

/** To one participant, or to all others. */
export function appMessage(room: AskRoom, from: Member, { to, data }: Of<'app-message'>): void {
  const receiver = to === undefined ? undefined : needParticipant(room, to);
  needRate(from);
  const message = { type: 'app-message', from: from.id, data } as const;
  if (receiver === undefined) room.roster.broadcast(message, from);
  else receiver.send(message);
}

/** To all others. */
export function chat(room: AskRoom, from: Member, ask: Of<'chat'>): void {
  const { text } = ask;
  // Who is named by a token writes under no other name.
  const userName = from.isNamed ? from.userName : (ask.userName ?? from.userName);
  if (room.properties.chat === false) throw new DenialError('unavailable', 'this room has no chat');
  if (!from.isShown) throw new DenialError('not-allowed', 'who is not shown writes nothing');
  needRate(from);
  // For people: the wall clock is what they read.
  const at = new Date().toISOString();
  room.roster.broadcast({ type: 'chat', from: from.id, userName, text, at }, from);
}

/** Digits for one participant, or for all others. */
export function dtmf(room: AskRoom, from: Member, { to, tones, digitDurationMs }: Of<'dtmf'>): void {
  if (to !== undefined) needParticipant(room, to);
  needRate(from);
  room.digits.send(from, to, tones, digitDurationMs);
}

function needRate({ appMessages }: Member): void {
  if (!appMessages.tryTake()) throw new DenialError('rate', 'too many messages; ten a second are taken');
}

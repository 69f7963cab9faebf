import type { Ask, Grant, RecordingSettings } from '@sluice/protocol';
import { DenialError } from '../denial-error.ts';
import type { Member } from '../members/member.ts';
import { type AskRoom, needAdmin } from './ask-room.ts';

type Of<K extends Ask['ask']> = Extract<Ask, { readonly ask: K }>;

export async function startRecording(room: AskRoom, by: Member, ask: Of<'start-recording'>): Promise<Grant> {
  const { settings = {}, streamId, forceNew } = ask;
  return { streamId: await recordings(room, by).start(streamId, by.id, settings, forceNew) };
}

export async function stopRecording(room: AskRoom, by: Member, { streamId }: Of<'stop-recording'>): Promise<Grant> {
  await recordings(room, by).stop(streamId, by.id);
  return {};
}

export async function updateRecording(room: AskRoom, by: Member, ask: Of<'update-recording'>): Promise<Grant> {
  const change = (before: RecordingSettings): RecordingSettings => ({ ...before, ...ask.settings });
  await recordings(room, by).update(ask.streamId, by.id, change);
  return {};
}

export async function startTranscription(room: AskRoom, by: Member, ask: Of<'start-transcription'>): Promise<Grant> {
  const { settings = {} } = ask;
  return { instanceId: await transcriptions(room, by).start(settings.instanceId, by.id, settings) };
}

export async function stopTranscription(
  room: AskRoom,
  by: Member,
  { instanceId }: Of<'stop-transcription'>,
): Promise<Grant> {
  await transcriptions(room, by).stop(instanceId, by.id);
  return {};
}

export async function updateTranscription(
  room: AskRoom,
  by: Member,
  { instanceId, participants }: Of<'update-transcription'>,
): Promise<Grant> {
  await transcriptions(room, by).update(instanceId, by.id, ({ participants: _, ...others }) =>
    participants === null ? others : { ...others, participants },
  );
  return {};
}

function recordings(room: AskRoom, by: Member): NonNullable<AskRoom['recordings']> {
  needAdmin(by, 'streaming');
  return available(room.recordings, 'recording');
}

function transcriptions(room: AskRoom, by: Member): NonNullable<AskRoom['transcriptions']> {
  needAdmin(by, 'transcription');
  return available(room.transcriptions, 'transcription');
}

function available<T>(runs: T | undefined, what: string): T {
  if (runs === undefined) throw new DenialError('unavailable', `this room has no ${what}`);
  return runs;
}

// What client and server say to each other. No socket and no media.

import * as v from 'valibot';
import { ask, denials, grant, inputsUpdate } from './asks.ts';
import { id, jobName, levels, participant, resumeSecret, token, tracks, userData, userName } from './fields.ts';
import { holdsInfinity } from './holds-infinity.ts';
import { limits } from './limits.ts';
import { peerBody } from './peer-body.ts';
import { ProtocolFault } from './protocol-fault.ts';
import { recordingStatus, streamId, transcriptionMessage, transcriptionStatus } from './services.ts';
import { json, line, lines, utf8Bytes } from './text.ts';

/** Name and version of the signalling protocol. Another version is refused with a message that names both. */
export const PROTOCOL = 'sluice-room/2';

/** Why a server turns a client away. The socket is closed after it. */
export const refusals = [
  'version',
  'malformed',
  'illegal-order',
  'room-name',
  /** Rooms are made by the server's owner alone, and there is none of this name. */
  'room-unknown',
  'room-full',
  'room-not-open',
  'room-expired',
  'too-many-rooms',
  'token-required',
  'token-invalid',
  'token-expired',
  'token-unexpected',
  /** The token does not make its bearer the bot of this job. */
  'lease-not-allowed',
  /** Who decides did not let us in. */
  'not-admitted',
  /** Somebody who may do so removed us. */
  'removed',
  'too-late',
  'rate',
  'slow-consumer',
  'unknown-session',
  'replaced',
  'busy',
  'closing',
] as const;
/** Why somebody is not let in, or not let back. */
export type Refusal = (typeof refusals)[number];

/** `left`: said so. `lost`: its connection died. `removed`: somebody who may do so removed it. `hidden`: not shown any more. */
export const leaveReasons = ['left', 'lost', 'removed', 'hidden'] as const;
/** Why somebody is not in the room any more. */
export type LeaveReason = (typeof leaveReasons)[number];

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const time = v.pipe(v.string(), v.maxLength(40));
const reason = v.pipe(v.string(), v.maxLength(400));

/** Which job a bot does, and under which number: of two bots of a job the one with the higher number is the one. */
const lease = v.strictObject({
  job: jobName,
  revision: v.pipe(count, v.maxValue(limits.leaseRevision)),
  /** It stands beside the one before until it asks for its place. */
  standby: v.exactOptional(v.literal(true)),
});

const clientMessage = v.variant('type', [
  v.strictObject({
    type: v.literal('join'),
    protocol: v.literal(PROTOCOL),
    /** Secret whose hash is the participant's id: whoever knows it may have that id again after a server restart. */
    identity: resumeSecret,
    userName,
    tracks,
    token: v.optional(token),
    userData: v.exactOptional(userData),
    lease: v.exactOptional(lease),
  }),
  v.strictObject({
    type: v.literal('resume'),
    protocol: v.literal(PROTOCOL),
    id,
    secret: resumeSecret,
    /** How many session messages of the server arrived so far. */
    received: count,
  }),
  v.strictObject({
    type: v.literal('update'),
    userName: v.optional(userName),
    tracks: v.optional(tracks),
    userData: v.exactOptional(userData),
  }),
  v.strictObject({ type: v.literal('relay'), to: id, body: peerBody }),
  /** Loudness of others as this client hears them, a few times a second while somebody speaks. */
  v.strictObject({ type: v.literal('levels'), levels }),
  /** Participants whose socket is gone but whose media still arrives here. */
  v.strictObject({ type: v.literal('alive'), ids: v.pipe(v.array(id), v.maxLength(64)) }),
  /** Answered by `granted` or `denied` with the same number. */
  v.strictObject({ type: v.literal('ask'), number: count, ask }),
  v.strictObject({ type: v.literal('leave') }),
]);
/** What a client says. */
export type ClientMessage = v.InferOutput<typeof clientMessage>;

const room = v.strictObject({
  name: v.pipe(v.string(), v.maxLength(128)),
  /** ISO 8601; null: never. */
  expiresAt: v.nullable(time),
  /** What this server can do beside passing media on, and this room allows. */
  recording: v.boolean(),
  transcription: v.boolean(),
  chat: v.boolean(),
  /** Only owners send. */
  ownerOnlyBroadcast: v.boolean(),
  /** For pages: camera and microphone are off at first. */
  startVideoOff: v.exactOptional(v.boolean()),
  startAudioOff: v.exactOptional(v.boolean()),
});
/** What a room is to everybody in it. */
export type RoomInfo = v.InferOutput<typeof room>;

const waiting = v.strictObject({ id, userName, userId: line(limits.userIdBytes) });

const serverMessage = v.variant('type', [
  v.strictObject({
    type: v.literal('welcome'),
    protocol: v.literal(PROTOCOL),
    session: id,
    id,
    secret: resumeSecret,
    you: participant,
    room,
    /** Hidden ones among them. */
    participants: v.pipe(v.array(participant), v.maxLength(limits.participants + limits.hidden)),
    activeSpeaker: v.nullable(id),
    recordings: v.pipe(v.array(recordingStatus), v.maxLength(16)),
    transcriptions: v.pipe(v.array(transcriptionStatus), v.maxLength(16)),
    /** Who waits to be let in; empty for who may not decide that. */
    waiting: v.pipe(v.array(waiting), v.maxLength(limits.waiting)),
  }),
  /** Before the welcome: somebody has to let us in. `welcome` or `refused` follows. */
  v.strictObject({ type: v.literal('waiting') }),
  v.strictObject({
    type: v.literal('resumed'),
    secret: resumeSecret,
    received: count,
  }),
  v.strictObject({
    type: v.literal('refused'),
    code: v.picklist(refusals),
    message: reason,
  }),
  v.strictObject({ type: v.literal('participant-joined'), participant }),
  v.strictObject({ type: v.literal('participant-updated'), participant }),
  v.strictObject({ type: v.literal('participant-left'), id, reason: v.picklist(leaveReasons) }),
  /** The socket of a participant is gone; it may come back. `false` when it did. */
  v.strictObject({ type: v.literal('participant-detached'), id, detached: v.boolean() }),
  v.strictObject({ type: v.literal('relay'), from: id, body: peerBody }),
  v.strictObject({ type: v.literal('active-speaker'), id: v.nullable(id) }),
  v.strictObject({ type: v.literal('granted'), number: count, grant }),
  v.strictObject({ type: v.literal('denied'), number: count, code: v.picklist(denials), message: reason }),
  v.strictObject({ type: v.literal('app-message'), from: id, data: json(limits.appMessageBytes) }),
  v.strictObject({
    type: v.literal('chat'),
    from: id,
    userName,
    text: lines(limits.appMessageBytes),
    at: time,
  }),
  /** Somebody who may do so turns our inputs off, or asks to turn one on. */
  v.strictObject({ type: v.literal('inputs-asked'), by: id, inputs: inputsUpdate }),
  v.strictObject({ type: v.literal('dtmf'), from: id, tone: v.pipe(v.string(), v.length(1)), durationMs: count }),
  v.strictObject({ type: v.literal('recording-started'), status: recordingStatus }),
  v.strictObject({ type: v.literal('recording-updated'), status: recordingStatus }),
  v.strictObject({ type: v.literal('recording-stopped'), streamId }),
  v.strictObject({ type: v.literal('recording-error'), streamId, message: reason }),
  v.strictObject({ type: v.literal('transcription-started'), status: transcriptionStatus }),
  v.strictObject({ type: v.literal('transcription-updated'), status: transcriptionStatus, updatedBy: v.nullable(id) }),
  v.strictObject({
    type: v.literal('transcription-stopped'),
    instanceId: id,
    updatedBy: v.nullable(id),
    stoppedByError: v.boolean(),
  }),
  v.strictObject({ type: v.literal('transcription-error'), instanceId: id, message: reason }),
  v.strictObject({ type: v.literal('transcription-message'), message: transcriptionMessage }),
  /** Everybody who waits, to those who may let them in. */
  v.strictObject({
    type: v.literal('waiting-updated'),
    waiting: v.pipe(v.array(waiting), v.maxLength(limits.waiting)),
  }),
]);
/** What a server says. */
export type ServerMessage = v.InferOutput<typeof serverMessage>;

/** What is told of a participant. */
export type RoomParticipantInfo = v.InferOutput<typeof participant>;
/** What is told of a track. */
export type RoomTrackInfo = RoomParticipantInfo['tracks'][number];
/** Somebody who waits to be let in. */
export type WaitingInfo = v.InferOutput<typeof waiting>;

/** Checks a message of a client. Throws `ProtocolFault`, nothing else. */
export function parseClientMessage(text: string): ClientMessage {
  return parse(clientMessage, text, limits.messageBytes);
}

/** Checks a message of a server. Throws `ProtocolFault`, nothing else. */
export function parseServerMessage(text: string): ServerMessage {
  return parse(serverMessage, text, limits.serverMessageBytes);
}

function parse<T extends ClientMessage | ServerMessage>(
  schema: v.GenericSchema<unknown, T>,
  text: string,
  maxBytes: number,
): T {
  // A character is at most three bytes, so most messages need not be counted.
  if (text.length > maxBytes || (text.length * 3 > maxBytes && utf8Bytes(text) > maxBytes))
    throw new ProtocolFault('malformed', 'a signalling message is too long', `at most ${maxBytes} bytes`, text.length);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProtocolFault('malformed', 'a signalling message is not JSON', 'JSON', text);
  }
  if (holdsInfinity(text, value))
    throw new ProtocolFault(
      'malformed',
      'a number of a signalling message is too large',
      'at most 1.8e308',
      'Infinity',
    );
  const version = versionOf(value);
  if (version !== undefined && version !== PROTOCOL)
    throw new ProtocolFault('version', 'the other side speaks another version of the protocol', PROTOCOL, version);
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const where = v.getDotPath(issue) ?? 'its top';
  const expected = issue.expected ?? issue.message;
  throw new ProtocolFault('malformed', `a signalling message is not valid at ${where}`, expected, issue.received);
}

function versionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (value as { protocol?: unknown }).protocol : undefined;
}

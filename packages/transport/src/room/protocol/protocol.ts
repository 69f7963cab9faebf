// What client and server say to each other, and the rules that both hold to. No socket and no media.

import { SluiceError } from '@sluice/core';
import * as v from 'valibot';
import type { transportErrorCodes } from '../../errors.ts';
import {
  candidate,
  description,
  id,
  levels,
  participant,
  qualities,
  resumeSecret,
  token,
  tracks,
  userName,
} from './protocol-fields.ts';

/** Name and version of the signalling protocol. Another version is refused with a message that names both. */
export const PROTOCOL = 'sluice-room/1';
/** Longest message of a client in bytes. */
export const MAX_MESSAGE_BYTES = 64 * 1024;
/** Longest message of a server in bytes: a welcome with 64 participants that announce all they may. */
export const MAX_SERVER_MESSAGE_BYTES = 512 * 1024;

/** Why a server turns a client away. The socket is closed after it. */
export const refusals = [
  'version',
  'malformed',
  'illegal-order',
  'room-name',
  'room-full',
  'too-many-rooms',
  'token-required',
  'token-invalid',
  'token-unexpected',
  'too-late',
  'rate',
  'slow-consumer',
  'unknown-session',
  'replaced',
  'closing',
] as const;
export type Refusal = (typeof refusals)[number];

/** `left`: said so. `lost`: its connection died. `removed`: the server closed it. */
export const leaveReasons = ['left', 'lost', 'removed'] as const;
export type LeaveReason = (typeof leaveReasons)[number];

/** What two peers tell each other through the server. `link` pairs the two ends of one peer connection. */
const link = v.strictObject({ from: id, to: v.optional(id) });
const body = v.variant('kind', [
  /** `exchange` numbers the offers of one side; the answer repeats it. */
  v.strictObject({
    kind: v.literal('description'),
    link,
    exchange: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    description,
  }),
  v.strictObject({ kind: v.literal('candidate'), link, candidate }),
  /** All tracks of the receiver of this message that its sender wants to hear. */
  v.strictObject({
    kind: v.literal('subscribe'),
    link,
    tracks: v.pipe(v.array(v.pipe(v.string(), v.maxLength(140))), v.maxLength(64)),
  }),
  /**
   * The best quality that is wanted of tracks of the receiver of this message, by the sender: all of them that are
   * limited, so an empty list takes every limit back. Not said as long as nothing was limited.
   */
  v.strictObject({ kind: v.literal('quality'), link, tracks: qualities }),
  /** The other side makes the offers that restart ICE: please make one. */
  v.strictObject({ kind: v.literal('restart'), link }),
]);
export type PeerBody = v.InferOutput<typeof body>;

const clientMessage = v.variant('type', [
  v.strictObject({
    type: v.literal('join'),
    protocol: v.literal(PROTOCOL),
    /** Secret whose hash is the participant's id: whoever knows it may have that id again after a server restart. */
    identity: resumeSecret,
    userName,
    tracks,
    token: v.optional(token),
  }),
  v.strictObject({
    type: v.literal('resume'),
    protocol: v.literal(PROTOCOL),
    id,
    secret: resumeSecret,
    /** How many session messages of the server arrived so far. */
    received: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  }),
  v.strictObject({ type: v.literal('update'), userName: v.optional(userName), tracks: v.optional(tracks) }),
  v.strictObject({ type: v.literal('relay'), to: id, body }),
  /** Loudness of others as this client hears them, a few times a second while somebody speaks. */
  v.strictObject({ type: v.literal('levels'), levels }),
  /** Participants whose socket is gone but whose media still arrives here. */
  v.strictObject({ type: v.literal('alive'), ids: v.pipe(v.array(id), v.maxLength(64)) }),
  v.strictObject({ type: v.literal('leave') }),
]);
export type ClientMessage = v.InferOutput<typeof clientMessage>;

const serverMessage = v.variant('type', [
  v.strictObject({
    type: v.literal('welcome'),
    protocol: v.literal(PROTOCOL),
    session: id,
    id,
    secret: resumeSecret,
    you: participant,
    participants: v.pipe(v.array(participant), v.maxLength(64)),
    activeSpeaker: v.nullable(id),
  }),
  v.strictObject({
    type: v.literal('resumed'),
    secret: resumeSecret,
    received: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  }),
  v.strictObject({
    type: v.literal('refused'),
    code: v.picklist(refusals),
    message: v.pipe(v.string(), v.maxLength(400)),
  }),
  v.strictObject({ type: v.literal('participant-joined'), participant }),
  v.strictObject({ type: v.literal('participant-updated'), participant }),
  v.strictObject({ type: v.literal('participant-left'), id, reason: v.picklist(leaveReasons) }),
  /** The socket of a participant is gone; it may come back. `false` when it did. */
  v.strictObject({ type: v.literal('participant-detached'), id, detached: v.boolean() }),
  v.strictObject({ type: v.literal('relay'), from: id, body }),
  v.strictObject({ type: v.literal('active-speaker'), id: v.nullable(id) }),
]);
export type ServerMessage = v.InferOutput<typeof serverMessage>;

export type RoomParticipantInfo = v.InferOutput<typeof participant>;
export type RoomTrackInfo = RoomParticipantInfo['tracks'][number];

/** Checks a message of a client. Throws `SLUICE_ROOM_PROTOCOL` or `SLUICE_ROOM_VERSION`, nothing else. */
export function parseClientMessage(text: string): ClientMessage {
  return parse(clientMessage, text, MAX_MESSAGE_BYTES);
}

/** Checks a message of a server. Throws `SLUICE_ROOM_PROTOCOL` or `SLUICE_ROOM_VERSION`, nothing else. */
export function parseServerMessage(text: string): ServerMessage {
  return parse(serverMessage, text, MAX_SERVER_MESSAGE_BYTES);
}

function parse<T extends ClientMessage | ServerMessage>(
  schema: v.GenericSchema<unknown, T>,
  text: string,
  maxBytes: number,
): T {
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes)
    throw fault('a signalling message is too long', `at most ${maxBytes} bytes`, text.length);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SluiceError('SLUICE_ROOM_PROTOCOL' satisfies Code, 'a signalling message is not JSON', {
      received: text,
      cause,
    });
  }
  const version = versionOf(value);
  if (version !== undefined && version !== PROTOCOL)
    throw new SluiceError(
      'SLUICE_ROOM_VERSION' satisfies Code,
      'the other side speaks another version of the protocol',
      {
        expected: PROTOCOL,
        received: version,
        fix: 'Use the same version of @sluice/transport on both sides',
      },
    );
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw fault(
    `a signalling message is not valid at ${v.getDotPath(issue) ?? 'its top'}`,
    issue.expected ?? issue.message,
    issue.received,
  );
}

type Code = (typeof transportErrorCodes)[number];

function versionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (value as { protocol?: unknown }).protocol : undefined;
}

function fault(what: string, expected: string, received: unknown): SluiceError {
  return new SluiceError('SLUICE_ROOM_PROTOCOL' satisfies Code, what, { expected, received });
}

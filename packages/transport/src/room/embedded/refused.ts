import { SluiceError } from '@sluice/core';
import { PROTOCOL, type Refusal } from '@sluice/protocol';
import type { TransportErrorCode } from '../../errors.ts';

type Meaning = readonly [code: TransportErrorCode, fix?: string];

const token = 'SLUICE_ROOM_TOKEN';
const full = 'SLUICE_ROOM_FULL';
const protocol = 'SLUICE_ROOM_PROTOCOL';

/** What a server's refusal is to a user, and what to do about it. */
const meanings: Partial<Record<Refusal, Meaning>> = {
  version: ['SLUICE_ROOM_VERSION'],
  malformed: [protocol],
  'illegal-order': [protocol],
  'room-name': ['SLUICE_ROOM_URL', 'A room name is 1 to 128 of A-Z a-z 0-9 _ -'],
  'room-unknown': ['SLUICE_ROOM_UNKNOWN', 'Check the name, or have the owner of the server make the room'],
  'room-not-open': ['SLUICE_ROOM_NOT_OPEN', 'Join when it opens'],
  'room-expired': ['SLUICE_ROOM_EXPIRED', 'Have the owner of the server make another room, or give this one more time'],
  'room-full': [full, 'Wait until somebody leaves, or raise maxParticipants'],
  'too-many-rooms': [full, 'Wait until a room is empty, or raise maxRooms'],
  'token-required': [token, 'Get a token for this room from who runs it, and join(url, { token })'],
  'token-invalid': [token, 'Get a token that was made for this room and by this server'],
  'token-expired': [token, 'Get a new token'],
  'token-unexpected': [token, 'Join without a token'],
  'lease-not-allowed': [token, 'Have the token made for the job: createMeetingToken({ job, … })'],
  'not-admitted': ['SLUICE_JOIN_NOT_ADMITTED', 'Ask an owner of the room, or join with a token that opens the door'],
  removed: ['SLUICE_ROOM_REMOVED', 'Ask who removed this participant before you join again'],
  busy: ['SLUICE_JOIN_REFUSED', 'The server has its limit of connections: wait a moment and join again'],
  rate: ['SLUICE_JOIN_REFUSED', 'Say less at once: limits of @sluice/protocol has the numbers'],
  'too-late': ['SLUICE_JOIN_REFUSED', 'Join again'],
  closing: ['SLUICE_JOIN_REFUSED', 'The server is closing: join again when it is back'],
  replaced: ['SLUICE_JOIN_REFUSED', 'Another connection, or a later bot of the same job, has its place'],
};

/** The error for what a server turned us away with. */
export function refused(code: Refusal, message: string): SluiceError {
  const [errorCode, fix] = meanings[code] ?? ['SLUICE_JOIN_REFUSED'];
  return new SluiceError(errorCode, `the room server refused: ${message}`, {
    received: code,
    ...(errorCode === 'SLUICE_ROOM_VERSION' && { expected: PROTOCOL }),
    ...(fix !== undefined && { fix }),
  });
}

/** Refusals that say themselves why a call is over, whenever they come. */
export function isFinal(code: Refusal): boolean {
  return code === 'removed' || code === 'room-expired' || code === 'token-expired';
}

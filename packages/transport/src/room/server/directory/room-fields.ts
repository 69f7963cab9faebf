import { limits, permissionsUpdate } from '@sluice/protocol';
import * as v from 'valibot';
import { isoTime } from '../iso-time.ts';
import { type ForeignNames, readFields } from '../read-fields.ts';
import type { RoomProperties } from '../room-properties.ts';

const flag = v.exactOptional(v.boolean());
const time = v.exactOptional(isoTime);
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limits.participants));

const roomFields = v.object({
  private: flag,
  opensAt: time,
  expiresAt: time,
  ejectAtExpiry: flag,
  maxParticipants: v.exactOptional(count),
  ownerOnlyBroadcast: flag,
  knocking: flag,
  recording: flag,
  transcription: flag,
  chat: flag,
  recordFromStart: flag,
  permissions: v.exactOptional(permissionsUpdate),
  startVideoOff: flag,
  startAudioOff: flag,
});

/** What these are called elsewhere. */
const foreignNames: ForeignNames = {
  privacy: 'private',
  nbf: 'opensAt',
  exp: 'expiresAt',
  eject_at_room_exp: 'ejectAtExpiry',
  enable_knocking: 'knocking',
  enable_recording: 'recording',
  enable_transcription: 'transcription',
  enable_chat: 'chat',
};

/**
 * Checks what a room is told to be.
 *
 * @throws TypeError that names the property.
 */
export function readRoomProperties(name: string, value: unknown): RoomProperties {
  return readFields(name, roomFields, value, foreignNames);
}

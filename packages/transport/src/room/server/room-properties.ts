import type { PermissionsUpdate } from '@sluice/protocol';

/** What a room is told to be by who makes it. */
export interface RoomProperties {
  /** Only those with a token enter. Default: false. */
  readonly private?: boolean;
  /** Nobody enters before, ISO 8601. */
  readonly opensAt?: string;
  /** Nobody enters after, ISO 8601. */
  readonly expiresAt?: string;
  /** Whether those inside are removed when it expires. Default: false. */
  readonly ejectAtExpiry?: boolean;
  /** Those who are shown. Default: the server's, at most 64. */
  readonly maxParticipants?: number;
  /** Only owners send. Default: false. */
  readonly ownerOnlyBroadcast?: boolean;
  /** Who has no token waits until an owner lets them in. Default: false. */
  readonly knocking?: boolean;
  /** Whether it may be recorded, transcribed and written in, where the server can do it. Default: true. */
  readonly recording?: boolean;
  /** Whether what is said may be written down, where the server has a transcriber. Default: true. */
  readonly transcription?: boolean;
  /** Whether messages of the chat are passed on. Default: true. */
  readonly chat?: boolean;
  /** Recording begins with the first participant. Default: false. */
  readonly recordFromStart?: boolean;
  /** What participants have who are told nothing else. */
  readonly permissions?: PermissionsUpdate;
  /** For pages: camera and microphone are off at first. Default: false. */
  readonly startVideoOff?: boolean;
  /** For pages: the microphone is off at first. Default: false. */
  readonly startAudioOff?: boolean;
}

/** How pages begin in a room, where it is not as usual. */
export function beginning({ startVideoOff, startAudioOff }: RoomProperties = {}) {
  return { ...(startVideoOff === true && { startVideoOff }), ...(startAudioOff === true && { startAudioOff }) };
}

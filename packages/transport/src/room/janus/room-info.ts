import type { RoomInfo } from '@sluice/protocol';

/** What a VideoRoom is and can do beside passing media on. */
export function roomInfo(name: string): RoomInfo {
  return {
    name,
    expiresAt: null,
    recording: false,
    transcription: false,
    chat: true,
    ownerOnlyBroadcast: false,
  };
}

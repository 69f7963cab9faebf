import type { PermissionsUpdate } from '@sluice/protocol';

/** What a meeting token grants. */
export interface TokenGrant {
  /** Shown to the others as `info.userId`; default: empty. */
  readonly userId?: string;
  /** The name of its holder, who has no other: neither by joining nor by an update, nor in the chat. */
  readonly userName?: string;
  /** Its holder may do everything in the room, whatever `permissions` say. Default: false. */
  readonly isOwner?: boolean;
  /** Beside those of the room; an owner has all. */
  readonly permissions?: PermissionsUpdate;
  /** The job of a fleet whose bot its holder may be: nobody else shows a lease of it. Absent: of none. */
  readonly job?: string;
  /** Milliseconds since 1970: when it ends. */
  readonly expiresAt?: number;
  /** Whether its holder is removed then. */
  readonly ejectAtExpiry?: boolean;
  /** For pages: the camera is off at first. Absent: as the room says. */
  readonly startVideoOff?: boolean;
  /** For pages: the microphone is off at first. Absent: as the room says. */
  readonly startAudioOff?: boolean;
  /** Recording begins when its holder is in. */
  readonly startRecording?: boolean;
  /** Names the token, so that it can be refused after its holder was removed. */
  readonly tokenId?: string;
}

/**
 * The rule for tokens of a server. Returns what the token grants; null refuses it. `token` is undefined if the client
 * gave none: return null to require one, a grant to let it in. The time it takes must not depend on the token.
 */
export type VerifyToken = (token: string | undefined, room: string) => TokenGrant | null | Promise<TokenGrant | null>;

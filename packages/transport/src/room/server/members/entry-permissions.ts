// Who is in a room, who waits before it, and what each may that comes in. No sockets and no messages.

import { defaultPermissions, type Permissions, updatedPermissions } from '@sluice/protocol';
import { fullPermissions } from '../../session/permission-rules.ts';
import type { RoomProperties } from '../room-properties.ts';
import type { TokenGrant } from '../room-tokens.ts';

/** A service of the room hears everybody and is neither seen nor heard. */
export const servicePermissions: Permissions = { ...defaultPermissions, hasPresence: false, canSend: [] };

/** With what somebody enters: the room's, then the token's. An owner has all but what the token says otherwise. */
export function entryPermissions(room: RoomProperties, { isOwner, permissions = {} }: TokenGrant): Permissions {
  if (isOwner === true)
    return { ...updatedPermissions(fullPermissions, permissions), canAdmin: fullPermissions.canAdmin };
  const everybody = updatedPermissions(defaultPermissions, room.permissions ?? {});
  const mine = room.ownerOnlyBroadcast === true ? { ...everybody, canSend: [] } : everybody;
  return updatedPermissions(mine, permissions);
}

import type { SluiceError } from '@sluice/core';
import type { RoomJoin } from '../driver.ts';
import { Cascade } from './cascade/cascade.ts';
import type { Home } from './cascade/home.ts';
import { refusedBy } from './cascade/refused-by.ts';
import { enterRoom } from './enter-room.ts';
import { feedOn } from './members/feed-role.ts';
import type { RoomAddress } from './room-address.ts';
import { takeRoomEvent } from './room-events.ts';
import { JanusClient } from './wire/janus-client.ts';
import type { JanusHandle } from './wire/janus-handle.ts';

export interface RoomCascadeOptions {
  readonly join: RoomJoin;
  readonly address: RoomAddress;
  /** Of the room's servers the one that we publish to, and our handle there. */
  readonly where: Home;
  readonly handle: JanusHandle;
  /** Participant id. */
  readonly id: string;
  /** Our display name now. */
  readonly display: () => string;
  /** We are in the room no more. */
  readonly over: (error: SluiceError) => void;
}

/** Our part in a room whose address names several servers. */
export function roomCascade(options: RoomCascadeOptions): Cascade | undefined {
  const { join, address, where, handle, id, display, over } = options;
  const { clock, proxy, token, report } = join;
  const { servers, room, secret, apiSecret, apiToken } = address;
  if (servers.length < 2) return undefined;
  const nobody = { entry: () => {}, unpublished: () => {}, left: () => {}, talking: () => {} };
  return new Cascade({
    clock,
    id,
    servers,
    where,
    home: handle,
    room: { room, ...(secret !== undefined && { secret }) },
    open: (url) => JanusClient.open({ url, clock, proxy, apiSecret, apiToken }),
    enter: (entering, url) => {
      const entry = { id: feedOn(id, 'presence'), display: display(), token };
      return enterRoom(entering, address, entry).catch(refusedBy(url, room));
    },
    display,
    // What happens there our own server tells as well, but that we are to go.
    event: ({ data }) => takeRoomEvent(data, { ...nobody, over }),
    report,
  });
}

import type { FeedId } from './members/roster.ts';
import type { RoomAddress } from './room-address.ts';
import { isJanusCode, janusError } from './wire/janus-errors.ts';
import type { JanusHandle } from './wire/janus-handle.ts';
import type { PluginData } from './wire/janus-message.ts';

const NO_SUCH_ROOM = 426;
const ROOM_EXISTS = 427;
const WRONG_KIND = 430;
/** All else that a request of ours needs is in it. */
const MISSING = 429;
const UNAUTHORIZED = 433;

export interface Entry {
  /** A name; for a numeric room the number that the server gave before, to have it again. */
  readonly id: FeedId;
  readonly display: string;
  readonly token?: string | undefined;
}

/** A room that was entered. */
export interface EnteredRoom {
  /** As the server has it: a number, or a name. */
  readonly room: string | number;
  readonly feed: FeedId;
  /** What `joined` says: who is there, and the private id that subscribers show. */
  readonly joined: PluginData;
}

/**
 * Enters a room as somebody who may publish, and makes it first where the address says so. The server lets everybody in, whatever
 * secret they say; so it is asked for what only who knows the secret is told.
 *
 * @throws `SLUICE_ROOM_UNKNOWN`, `SLUICE_ROOM_URL` for a name where rooms are numbers, `SLUICE_ROOM_TOKEN`, ...
 */
export async function enterRoom(handle: JanusHandle, address: RoomAddress, entry: Entry): Promise<EnteredRoom> {
  const enter = (room: string | number) => enterOrCreate(handle, address, room, entry);
  // Over several servers participants have names, and so do rooms.
  if (!address.numeric || address.servers.length > 1) return enter(address.room);
  try {
    return await enter(Number(address.room));
  } catch (error) {
    // Digits are the name of a room where rooms have names.
    if (!isJanusCode(error, WRONG_KIND)) throw error;
    return enter(address.room);
  }
}

async function enterOrCreate(
  handle: JanusHandle,
  address: RoomAddress,
  room: string | number,
  entry: Entry,
): Promise<EnteredRoom> {
  const join = async (): Promise<EnteredRoom> => {
    const { pin, secret } = address;
    const { id, display, token } = entry;
    if (secret !== undefined) await handle.ask({ request: 'listforwarders', room, secret }, 'the ?secret= of the room');
    const { data } = await handle.ask(
      {
        request: 'join',
        ptype: 'publisher',
        room,
        display,
        // Where participants are numbers, the server chooses the first one.
        ...(typeof room === typeof id && { id }),
        ...(pin !== undefined && { pin }),
        ...(token !== undefined && { token }),
      },
      'to join the room',
    );
    return { room, feed: typeof data.id === 'number' ? data.id : String(data.id), joined: data };
  };
  try {
    return await join();
  } catch (error) {
    if (isJanusCode(error, MISSING) && address.pin === undefined)
      throw janusError(UNAUTHORIZED, 'the room has a pin', 'to join the room');
    if (!address.create || !isJanusCode(error, NO_SUCH_ROOM)) throw error;
    await create(handle, address, room);
    return join();
  }
}

async function create(handle: JanusHandle, address: RoomAddress, room: string | number): Promise<void> {
  const { secret, pin, publishers } = address;
  const body = {
    request: 'create',
    room,
    permanent: false,
    is_private: true,
    publishers,
    // Who publishes nothing is seen as well.
    notify_joining: true,
    // Somebody talks when 400 ms were louder than -45 dBov: the defaults are two seconds and -25.
    audiolevel_event: true,
    audio_active_packets: 20,
    audio_level_average: 45,
    audiocodec: 'opus',
    videocodec: 'vp8,vp9,av1',
    ...(secret !== undefined && { secret }),
    ...(pin !== undefined && { pin }),
  };
  try {
    await handle.ask(body, 'to make the room');
  } catch (error) {
    // Somebody else did, in the same moment.
    if (!isJanusCode(error, ROOM_EXISTS)) throw error;
  }
}

import { createId, defaultPermissions, type RoomParticipantInfo } from '@sluice/protocol';
import type { RoomJoin, RoomSession } from '../driver.ts';
import { announced, userDataOf } from '../session/local-participant.ts';
import { publishersIn } from './cascade/choose-server.ts';
import { enterOneOf } from './cascade/enter-one-of.ts';
import { refusedBy } from './cascade/refused-by.ts';
import { enterRoom } from './enter-room.ts';
import { fenceJob } from './fence-job.ts';
import { JanusSession } from './janus-session.ts';
import { participantId, writeDisplay } from './members/participant-card.ts';
import { type RoomAddress, roomAddress } from './room-address.ts';
import { JanusClient } from './wire/janus-client.ts';

/** Enters a VideoRoom of a Janus server, or of several. */
export async function joinJanusRoom(join: RoomJoin): Promise<RoomSession> {
  const address = roomAddress(join.url);
  const { clock, signal, proxy } = join;
  const { servers, apiSecret, apiToken } = address;
  const opened: JanusClient[] = [];
  const close = () => opened.splice(0).map((client) => client.close());
  signal.addEventListener('abort', close, { once: true });
  try {
    const you = ownInfo(join, address);
    const lease = join.lease && { ...join.lease, ...(join.standby === true && { standby: true as const }) };
    const entry = { id: you.id, display: writeDisplay(you, [], lease), token: join.token };
    const { client, where, entered, forget } = await enterOneOf({
      servers,
      room: address.room,
      clock,
      signal,
      open: async ({ dial }) => {
        const client = await JanusClient.open({ url: dial, clock, signal, proxy, apiSecret, apiToken });
        opened.push(client);
        return client;
      },
      enter: async (client, { url }) => {
        const handle = await client.attach();
        const entering = enterRoom(handle, address, entry);
        return { handle, room: await (servers.length > 1 ? entering.catch(refusedBy(url, address.room)) : entering) };
      },
      othersIn: ({ room: { joined } }) => publishersIn([joined.publishers, joined.attendees].flat()),
    });
    signal.throwIfAborted();
    const { handle, room } = entered;
    await fenceJob(lease, { handle, room, secret: address.secret, report: join.report });
    signal.throwIfAborted();
    // Where participants are numbers, the server has chosen ours.
    const local = { ...you, id: participantId(room.feed) };
    return new JanusSession({ join, address, client, where, handle, room, local, lease, forget });
  } catch (error) {
    close();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
  }
}

function ownInfo({ userName, tracks, userData }: RoomJoin, { secret }: RoomAddress): RoomParticipantInfo {
  const id = createId();
  return {
    id,
    userName,
    userId: id,
    isOwner: secret !== undefined,
    joinedAt: new Date().toISOString(),
    tracks: announced(tracks),
    permissions: { ...defaultPermissions, canAdmin: secret === undefined ? [] : ['participants'] },
    mutedRemotely: [],
    ...userDataOf(userData),
  };
}

import { SluiceError } from '@sluice/core';
import { createId, defaultPermissions, type RoomParticipantInfo } from '@sluice/protocol';
import type { RoomJoin, RoomSession } from '../driver.ts';
import { announced, userDataOf } from '../session/local-participant.ts';
import { chooseServer } from './cascade/choose-server.ts';
import type { Home } from './cascade/home.ts';
import { enterRoom } from './enter-room.ts';
import { fenceJob } from './fence-job.ts';
import { JanusSession } from './janus-session.ts';
import { participantId, writeDisplay } from './members/participant-card.ts';
import { roomAddress } from './room-address.ts';
import { JanusClient } from './wire/janus-client.ts';

/** Enters a VideoRoom of a Janus server, or of several. */
export async function joinJanusRoom(join: RoomJoin): Promise<RoomSession> {
  const address = roomAddress(join.url);
  const { clock, signal, proxy } = join;
  const { servers, apiSecret, apiToken } = address;
  const { client, where } = await chooseServer(servers, address.room, clock, (one: Home) =>
    JanusClient.open({ url: one.dial, clock, signal, proxy, apiSecret, apiToken }),
  );
  const abort = () => client.close();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const handle = await client.attach();
    const id = createId();
    const you: RoomParticipantInfo = {
      id,
      userName: join.userName,
      userId: id,
      isOwner: address.secret !== undefined,
      joinedAt: new Date().toISOString(),
      tracks: announced(join.tracks),
      permissions: { ...defaultPermissions, canAdmin: address.secret === undefined ? [] : ['participants'] },
      mutedRemotely: [],
      ...userDataOf(join.userData),
    };
    const lease = join.lease && { ...join.lease, ...(join.standby === true && { standby: true as const }) };
    const entry = { id, display: writeDisplay(you, [], lease), token: join.token };
    const room = await enterRoom(handle, address, entry);
    signal.throwIfAborted();
    if (servers.length > 1 && room.feed !== id) throw numbered(address.room);
    await fenceJob(lease, { handle, room, secret: address.secret, report: join.report });
    signal.throwIfAborted();
    // Where participants are numbers, the server has chosen ours.
    const local = { ...you, id: participantId(room.feed) };
    return new JanusSession({ join, address, client, where, handle, room, local, lease });
  } catch (error) {
    client.close();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function numbered(room: string): SluiceError {
  return new SluiceError('SLUICE_ROOM_URL', 'a room over several servers takes names for its participants', {
    expected: 'string_ids = true in janus.plugin.videoroom.jcfg of each',
    received: room,
    fix: 'Set it there, or leave ?servers= out',
  });
}

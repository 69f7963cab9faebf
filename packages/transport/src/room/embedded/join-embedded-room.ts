import type { RoomJoin, RoomSession } from '../driver.ts';
import { announced, userDataOf } from '../session/local-participant.ts';
import { EmbeddedSession } from './embedded-session.ts';
import { Signalling } from './signalling.ts';

/** Opens a session with an embedded room server: signalling through it, media directly between the participants. */
export async function joinEmbeddedRoom(join: RoomJoin): Promise<RoomSession> {
  let session: EmbeddedSession | undefined;
  const { signalling, welcome } = await Signalling.join({
    url: join.url,
    clock: join.clock,
    signal: join.signal,
    proxy: join.proxy,
    onWaiting: join.onWaiting,
    introduction: () => ({
      userName: session?.local.userName ?? join.userName,
      ...userDataOf(session?.local.userData ?? join.userData),
      tracks: announced(session?.tracks ?? join.tracks),
      ...(join.token === undefined ? {} : { token: join.token }),
      ...leaseOf(join, session?.isStandby ?? join.standby ?? false),
    }),
  });
  session = new EmbeddedSession(join, signalling, welcome);
  return session;
}

function leaseOf({ lease }: RoomJoin, isStandby: boolean) {
  if (lease === undefined) return {};
  const { job, revision } = lease;
  return { lease: { job, revision, ...(isStandby && { standby: true as const }) } };
}

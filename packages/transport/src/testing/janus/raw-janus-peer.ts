import type { PeerConnection } from '../../host/engine/wrtc.ts';
import type { JanusHandle } from '../../room/janus/wire/janus-handle.ts';

/** Says a description and after it the candidates. Resolves when the peer is connected. */
export async function connected(peer: PeerConnection, handle: JanusHandle, say: () => Promise<void>): Promise<void> {
  peer.onicecandidate = ({ candidate }) => {
    if (candidate !== null && candidate.candidate !== '') handle.trickle({ ...plain(candidate) });
  };
  const whenConnected = new Promise<void>((resolve) => {
    peer.onconnectionstatechange = () => peer.connectionState === 'connected' && resolve();
  });
  await say();
  await whenConnected;
}

function plain({
  candidate,
  sdpMid,
  sdpMLineIndex,
}: {
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
}) {
  return { candidate, sdpMid, sdpMLineIndex };
}

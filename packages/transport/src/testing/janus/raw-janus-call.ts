import { realClock } from '@sluice/core';
import { loadWrtc, type PeerConnection } from '../../host/engine/wrtc.ts';
import { JanusClient } from '../../room/janus/wire/janus-client.ts';
import type { JanusHandle } from '../../room/janus/wire/janus-handle.ts';
import type { RawAudioListener } from '../raw-call.ts';

/** Two peers of the engine through a Janus server without any of sluice's media: the reference for what sluice adds. */
export interface RawJanusCall {
  /** Writes 10 ms of mono samples at 48,000 Hz, which must own their buffer. */
  write(samples: Int16Array): void;
  /** Calls for each 10 ms that are received, until `close`. The samples are valid during the call only. */
  onAudio(listener: RawAudioListener): void;
  /** Ends both peers; the server goes on. */
  close(): void;
}

/** Connects a raw publisher and a raw subscriber in a room of their own. */
export async function rawJanusCall(roomUrl: string): Promise<RawJanusCall> {
  const { RTCPeerConnection, nonstandard } = loadWrtc();
  const url = new URL(roomUrl);
  const room = url.pathname.slice(1);
  const client = await JanusClient.open({ url, clock: realClock });
  const [publishing, subscribing] = [await client.attach(), await client.attach()];
  const source = new nonstandard.RTCAudioSource();
  const track = source.createTrack();
  const a = new RTCPeerConnection({});
  const b = new RTCPeerConnection({});
  a.addTransceiver(track, { direction: 'sendonly' });
  const up = published(publishing);
  await publishing.ask({ request: 'create', room }, 'to make the room');
  const { data } = await publishing.ask({ request: 'join', ptype: 'publisher', room }, 'to join');
  const offer = await a.createOffer();
  await a.setLocalDescription(offer);
  await gathered(a, publishing, async () => {
    const answer = await publishing.ask({ request: 'publish' }, 'to publish', { type: 'offer', sdp: offer.sdp ?? '' });
    await a.setRemoteDescription({ type: 'answer', sdp: answer.jsep?.sdp ?? '' });
  });
  await up;
  const streams = [{ feed: data.id, mid: '0' }];
  const offered = await subscribing.ask({ request: 'join', ptype: 'subscriber', room, streams }, 'to subscribe');
  await b.setRemoteDescription({ type: 'offer', sdp: offered.jsep?.sdp ?? '' });
  const answer = await b.createAnswer();
  await b.setLocalDescription(answer);
  await gathered(b, subscribing, async () => {
    await subscribing.ask({ request: 'start' }, 'to receive', { type: 'answer', sdp: answer.sdp ?? '' });
  });
  const sink = new nonstandard.RTCAudioSink(b.getTransceivers()[0]!.receiver.track);
  return {
    write: (samples) =>
      source.onData({
        samples,
        sampleRate: 48_000,
        bitsPerSample: 16,
        channelCount: 1,
        numberOfFrames: samples.length,
      }),
    onAudio: (listener) => {
      sink.ondata = (heard) => listener({ ...heard, channelCount: heard.channelCount || 1 }, realClock.now());
    },
    close: () => {
      sink.stop();
      track.stop();
      a.close();
      b.close();
      client.close();
    },
  };
}

/** Resolves when the server receives media: nobody can subscribe before. */
function published(handle: JanusHandle): Promise<void> {
  return new Promise((resolve) => {
    handle.listen({ event: () => {}, media: (state) => state === 'webrtcup' && resolve() });
  });
}

/** Says a description and after it the candidates. Resolves when the peer is connected. */
export async function gathered(peer: PeerConnection, handle: JanusHandle, say: () => Promise<void>): Promise<void> {
  peer.onicecandidate = ({ candidate }) => {
    if (candidate !== null && candidate.candidate !== '') handle.trickle({ ...plain(candidate) });
  };
  const connected = new Promise<void>((resolve) => {
    peer.onconnectionstatechange = () => peer.connectionState === 'connected' && resolve();
  });
  await say();
  await connected;
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

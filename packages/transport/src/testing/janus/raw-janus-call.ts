import { realClock } from '@sluice/core';
import { loadWrtc } from '../../host/engine/wrtc.ts';
import { JanusClient } from '../../room/janus/wire/janus-client.ts';
import type { JanusHandle } from '../../room/janus/wire/janus-handle.ts';
import type { RawAudioListener } from '../raw-call.ts';
import { connected } from './raw-janus-peer.ts';
import { rawJanusSubscriber } from './raw-janus-subscriber.ts';

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
  const publishing = await client.attach();
  const source = new nonstandard.RTCAudioSource();
  const track = source.createTrack();
  const peer = new RTCPeerConnection({});
  peer.addTransceiver(track, { direction: 'sendonly' });
  const up = published(publishing);
  await publishing.ask({ request: 'create', room }, 'to make the room');
  await publishing.ask({ request: 'join', ptype: 'publisher', room }, 'to join');
  const offer = await peer.createOffer();
  await peer.setLocalDescription(offer);
  await connected(peer, publishing, async () => {
    const answer = await publishing.ask({ request: 'publish' }, 'to publish', { type: 'offer', sdp: offer.sdp ?? '' });
    await peer.setRemoteDescription({ type: 'answer', sdp: answer.jsep?.sdp ?? '' });
  });
  await up;
  const subscriber = await rawJanusSubscriber(roomUrl);
  return {
    write: (samples) =>
      source.onData({
        samples,
        sampleRate: 48_000,
        bitsPerSample: 16,
        channelCount: 1,
        numberOfFrames: samples.length,
      }),
    onAudio: subscriber.onAudio,
    close: () => {
      subscriber.close();
      track.stop();
      peer.close();
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

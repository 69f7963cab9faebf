import { realClock } from '@sluice/core';
import { loadWrtc, type PeerConnection } from '../../host/engine/wrtc.ts';
import { JanusClient } from '../../room/janus/wire/janus-client.ts';
import type { RawAudioListener } from '../raw-call.ts';
import { connected } from './raw-janus-peer.ts';

/** A peer of the engine that takes what a room of Janus has, without any of sluice's media: what subscribers are held against. */
export interface RawJanusSubscriber {
  /** What it takes: `audio` and `video`, as often as there are tracks. */
  readonly kinds: readonly string[];
  /** Calls for each 10 ms that are received of anybody, until `close`. The samples are valid during the call only. */
  onAudio(listener: RawAudioListener): void;
  /** Calls for each picture of anybody, until `close`. */
  onPicture(listener: () => void): void;
  /** Ends the peer; the room goes on. */
  close(): void;
}

/**
 * Subscribes to everybody who publishes in the room now, and to nobody who comes later.
 *
 * @throws SluiceError where nobody publishes
 */
export async function rawJanusSubscriber(roomUrl: string): Promise<RawJanusSubscriber> {
  const url = new URL(roomUrl);
  const client = await JanusClient.open({ url, clock: realClock });
  try {
    return await subscribed(client, url.pathname.slice(1));
  } catch (error) {
    client.close();
    throw error;
  }
}

async function subscribed(client: JanusClient, room: string): Promise<RawJanusSubscriber> {
  const { RTCPeerConnection, nonstandard } = loadWrtc();
  const handle = await client.attach();
  const { data } = await handle.ask({ request: 'listparticipants', room }, 'to look around');
  const streams = (data.participants as { readonly id: string | number; readonly publisher: boolean }[])
    .filter(({ publisher }) => publisher)
    .map(({ id }) => ({ feed: id }));
  const offered = await handle.ask({ request: 'join', ptype: 'subscriber', room, streams }, 'to subscribe');
  const peer: PeerConnection = new RTCPeerConnection({});
  await peer.setRemoteDescription({ type: 'offer', sdp: offered.jsep?.sdp ?? '' });
  // Before media comes: the first key frame is asked for once.
  const tracks = peer.getTransceivers().map(({ receiver }) => receiver.track);
  const sounds = tracks.filter(({ kind }) => kind === 'audio').map((track) => new nonstandard.RTCAudioSink(track));
  const sights = tracks.filter(({ kind }) => kind === 'video').map((track) => new nonstandard.RTCVideoSink(track));
  const answer = await peer.createAnswer();
  await peer.setLocalDescription(answer);
  await connected(peer, handle, async () => {
    await handle.ask({ request: 'start' }, 'to receive', { type: 'answer', sdp: answer.sdp ?? '' });
  });
  return {
    kinds: tracks.map(({ kind }) => kind),
    onAudio: (listener) => {
      for (const sink of sounds)
        sink.ondata = (heard) => listener({ ...heard, channelCount: heard.channelCount || 1 }, realClock.now());
    },
    onPicture: (listener) => {
      for (const sink of sights) sink.onframe = listener;
    },
    close: () => {
      for (const sink of [...sounds, ...sights]) sink.stop();
      peer.close();
      client.close();
    },
  };
}

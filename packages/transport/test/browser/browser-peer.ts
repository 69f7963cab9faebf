import type { Page } from 'playwright-core';
import type { HostConnection, HostPicture, HostVideoSource, MediaHost, VideoCodec } from '../../src/host/media-host.ts';

/** A connection of the engine whose other side is a page. */
export interface BrowserPeer {
  readonly connection: HostConnection;
  readonly source: HostVideoSource;
  /** What the engine receives of the page's track, oldest first. */
  readonly pictures: readonly HostPicture[];
  close(): void;
}

interface PageAnswer {
  readonly sdp: string;
  readonly candidates: readonly {
    readonly candidate: string;
    readonly sdpMid: string;
    readonly sdpMLineIndex: number;
  }[];
}

/**
 * Connects. The page answers with the track that `pageTrack` makes, an expression that is a function to a promise of a
 * `MediaStreamTrack`, and shows what it receives in a `video` element.
 */
export async function connectBrowser(
  page: Page,
  host: MediaHost,
  options: { readonly codec: VideoCodec; readonly pageTrack: string },
): Promise<BrowserPeer> {
  const { codec, pageTrack } = options;
  const connection = host.createConnection({ candidates: 'loopback' });
  const source = host.createVideoSource({ screen: false });
  const own: object[] = [];
  connection.on('candidate', (candidate) => own.push(candidate));
  connection.addTrack('camera', source, { codec });
  const pictures: HostPicture[] = [];
  connection.receive('camera', true);
  connection.on('video', ({ picture }) => pictures.push(picture));

  const offer = await connection.createOffer();
  const given = JSON.stringify({ offer: { type: 'offer', sdp: offer.sdp }, codec });
  const answer = await page.evaluate<PageAnswer>(`(${answerInPage})(${given}, ${pageTrack})`);
  const tracks = offer.tracks.map(({ mid }) => ({ mid, name: 'camera' }));
  await connection.setRemoteDescription({ type: 'answer', sdp: answer.sdp, tracks });
  for (const candidate of answer.candidates) await connection.addIceCandidate(candidate);
  for (const candidate of own) await page.evaluate(`peer.addIceCandidate(${JSON.stringify(candidate)})`);
  return {
    connection,
    source,
    pictures,
    close: () => {
      connection.close();
      source.close();
    },
  };
}

/** Runs in the page, as text: nothing of this file is there. */
const answerInPage = `async ({ offer, codec }, makeTrack) => {
  globalThis.peer?.close();
  const peer = (globalThis.peer = new RTCPeerConnection());
  const video = Object.assign(document.createElement('video'), { muted: true, autoplay: true });
  document.body.replaceChildren(video);
  const candidates = [];
  const gathered = new Promise((resolve) => {
    peer.onicecandidate = ({ candidate }) => (candidate ? candidates.push(candidate.toJSON()) : resolve());
  });
  peer.ontrack = ({ track }) => (video.srcObject = new MediaStream([track]));
  await peer.setRemoteDescription(offer);
  const [transceiver] = peer.getTransceivers();
  transceiver.direction = 'sendrecv';
  await transceiver.sender.replaceTrack(await makeTrack());
  const { codecs } = RTCRtpReceiver.getCapabilities('video');
  const preferred = codecs.filter(({ mimeType }) => mimeType === 'video/' + codec);
  transceiver.setCodecPreferences([...preferred, ...codecs.filter((other) => !preferred.includes(other))]);
  await peer.setLocalDescription(await peer.createAnswer());
  await gathered;
  return { sdp: peer.localDescription.sdp, candidates };
}`;

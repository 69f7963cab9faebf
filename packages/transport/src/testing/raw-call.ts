import { checkKeys, realClock } from '@sluice/core';
import { type IceCandidateInit, loadWrtc, type PeerConnection } from '../host/engine/wrtc.ts';

/** Rate and candidates of a {@link rawCall}. */
export interface RawCallOptions {
  /** Rate at which audio is written, in Hz: 8,000, 16,000, 24,000, 44,100 or 48,000. Default 48,000. */
  readonly sampleRate?: number;
  /** Maps each ICE candidate on its way to the other peer; undefined drops it. Default: keeps `udp 127.0.0.1`. */
  readonly mapCandidate?: (candidate: string, from: 'a' | 'b') => string | undefined;
  /** Changes the offer and the answer on their way, to set the codec's parameters for example. */
  readonly mapSdp?: (sdp: string) => string;
}

/** Received audio: interleaved samples, valid during the call only, and when they came on `realClock`. */
export type RawAudioListener = (
  audio: {
    /** Interleaved s16, the listener's only while it is called. */
    readonly samples: Int16Array;
    /** Hz, as the engine hands it over. */
    readonly sampleRate: number;
    /** 1 or 2. */
    readonly channelCount: number;
  },
  at: number,
) => void;

/** Two peers of the engine in this process without any of sluice: the reference for what sluice adds. `a` speaks. */
export interface RawCall {
  /** Writes 10 ms of mono samples, which must own their buffer. */
  write(samples: Int16Array): void;
  /** Calls for each 10 ms that `b` receives, until `close`. */
  onAudio(listener: RawAudioListener): void;
  /** The one that speaks. */
  readonly a: PeerConnection;
  /** The one that hears. */
  readonly b: PeerConnection;
  /** Ends both peers. */
  close(): void;
}

/** Keeps what has to stay on this machine. */
export function loopbackOnly(candidate: string): string | undefined {
  return /^candidate:\S+ 1 udp \d+ 127\.0\.0\.1 /i.test(candidate) ? candidate : undefined;
}

/** Connects two raw peers; `a` sends one audio track to `b`. Resolves when both are connected. */
export async function rawCall(options: RawCallOptions = {}): Promise<RawCall> {
  checkKeys<RawCallOptions>('rawCall', options, { sampleRate: true, mapCandidate: true, mapSdp: true });
  const { sampleRate = 48_000, mapCandidate = loopbackOnly, mapSdp = (sdp) => sdp } = options;
  const { RTCPeerConnection, nonstandard } = loadWrtc();
  const a = new RTCPeerConnection({});
  const b = new RTCPeerConnection({});
  const source = new nonstandard.RTCAudioSource();
  const track = source.createTrack();
  const listeners: RawAudioListener[] = [];
  a.addTransceiver(track, { direction: 'sendonly' });
  const early: (() => Promise<void>)[] = [];
  let described = false;
  const carry = (from: 'a' | 'b', to: PeerConnection) => (event: { readonly candidate: IceCandidateInit | null }) => {
    const { candidate } = event;
    if (candidate === null || candidate.candidate === '') return;
    const add = async () => {
      const mapped = mapCandidate(candidate.candidate, from);
      if (mapped !== undefined)
        await to.addIceCandidate({
          candidate: mapped,
          sdpMid: candidate.sdpMid,
          sdpMLineIndex: candidate.sdpMLineIndex,
        });
    };
    if (described) void add();
    else early.push(add);
  };
  a.onicecandidate = carry('a', b);
  b.onicecandidate = carry('b', a);
  const offer = await a.createOffer();
  await a.setLocalDescription(offer);
  await b.setRemoteDescription({ type: 'offer', sdp: mapSdp(withoutCandidates(offer.sdp!)) });
  const answer = await b.createAnswer();
  await b.setLocalDescription(answer);
  await a.setRemoteDescription({ type: 'answer', sdp: mapSdp(withoutCandidates(answer.sdp!)) });
  const sink = new nonstandard.RTCAudioSink(b.getTransceivers()[0]!.receiver.track);
  sink.ondata = (data) => {
    const at = realClock.now();
    for (const listener of listeners) listener({ ...data, channelCount: data.channelCount || 1 }, at);
  };
  described = true;
  for (const add of early) await add();
  await Promise.all([connected(a), connected(b)]);
  return {
    a,
    b,
    write: (samples) =>
      source.onData({ samples, sampleRate, bitsPerSample: 16, channelCount: 1, numberOfFrames: samples.length }),
    onAudio: (listener) => void listeners.push(listener),
    close: () => {
      sink.stop();
      track.stop();
      a.close();
      b.close();
    },
  };
}

function withoutCandidates(sdp: string): string {
  return sdp.replace(/a=(candidate|end-of-candidates).*\r\n/g, '');
}

function connected(peer: PeerConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (peer.connectionState === 'connected') resolve();
      if (peer.connectionState === 'failed') reject(new Error('the raw call did not connect'));
    };
    peer.onconnectionstatechange = look;
    look();
  });
}

/**
 * Writes mono samples to `write` as 10 ms slices on an absolute schedule, late ones at once. Resolves with when each
 * slice was written, in milliseconds of `realClock`.
 */
export async function writePaced(
  write: (slice: Int16Array) => void,
  samples: Int16Array,
  sampleRate: number,
): Promise<number[]> {
  const slice = sampleRate / 100;
  const written: number[] = [];
  const start = realClock.now();
  for (let at = 0; at + slice <= samples.length; at += slice) {
    const due = start + written.length * 10;
    if (due > realClock.now()) await new Promise<void>((resolve) => void realClock.at(due, resolve));
    written.push(realClock.now());
    write(samples.slice(at, at + slice));
  }
  return written;
}

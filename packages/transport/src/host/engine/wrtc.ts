import { createRequire } from 'node:module';
import { toError } from '@sluice/core';
import { hostUnavailable } from '../host-errors.ts';
import type { HostPicture, VideoLayer } from '../media-host.ts';
import { leaveWithoutTeardown } from './leave-process.ts';

/** What is used of `@roamhq/wrtc`. Its own declarations need the DOM library, which the rest of this package has not. */
export interface Wrtc {
  readonly RTCPeerConnection: new (configuration: EngineConfiguration) => PeerConnection;
  readonly RTCRtpSender: { getCapabilities(kind: 'audio' | 'video'): { readonly codecs: readonly RtpCodec[] } };
  readonly nonstandard: {
    readonly RTCAudioSource: new () => EngineAudioInput;
    readonly RTCAudioSink: new (track: MediaTrack) => EngineAudioOutput;
    readonly RTCVideoSource: new (init: { readonly isScreencast: boolean }) => EngineVideoInput;
    readonly RTCVideoSink: new (track: MediaTrack) => EngineVideoOutput;
    /** Fills the second picture. Both own their whole buffer; BT.601. */
    readonly rgbaToI420: (rgba: EnginePixels, i420: EnginePixels) => void;
    readonly i420ToRgba: (i420: EnginePixels, rgba: EnginePixels) => void;
  };
}

export interface EngineConfiguration {
  readonly iceServers?: readonly unknown[];
  readonly iceTransportPolicy?: 'all' | 'relay';
  readonly bundlePolicy?: 'max-bundle';
}

export interface MediaTrack {
  readonly kind: 'audio' | 'video';
  stop(): void;
}

/** 10 ms of s16. `onData` copies `samples` before it returns, and refuses arrays that do not own their whole buffer. */
export interface EngineAudioData {
  samples: Int16Array;
  sampleRate: number;
  bitsPerSample: number;
  channelCount: number;
  numberOfFrames: number;
}

export interface EngineAudioInput {
  createTrack(): MediaTrack;
  onData(data: EngineAudioData): void;
}

export interface EngineAudioOutput {
  ondata: ((data: EngineAudioData) => void) | null;
  stop(): void;
}

/** Takes I420 of any size. `onFrame` copies before it returns, and refuses arrays that do not own their whole buffer. */
export interface EngineVideoInput {
  createTrack(): MediaTrack;
  onFrame(picture: HostPicture): void;
}

export interface EnginePixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Each picture has a buffer of its own. */
export interface EngineVideoOutput {
  onframe: ((event: { readonly frame: HostPicture & { readonly rotation: number } }) => void) | null;
  stop(): void;
}

export interface RtpCodec {
  readonly mimeType: string;
  readonly clockRate: number;
  readonly sdpFmtpLine?: string;
}

export interface RtpSender {
  replaceTrack(track: MediaTrack | null): Promise<void>;
}

export interface RtpReceiver {
  readonly track: MediaTrack;
  getSynchronizationSources(): readonly { readonly timestamp: number }[];
}

export interface Transceiver {
  readonly mid: string | null;
  direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  readonly sender: RtpSender;
  readonly receiver: RtpReceiver;
  setCodecPreferences(codecs: readonly RtpCodec[]): void;
}

export interface Description {
  readonly type: 'offer' | 'answer' | 'rollback';
  readonly sdp?: string;
}

export interface IceCandidateInit {
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
  readonly usernameFragment?: string | null;
}

export interface DataChannel {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
  close(): void;
}

export interface PeerConnection {
  readonly connectionState: 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';
  readonly signalingState: 'stable' | 'have-local-offer' | 'have-remote-offer' | 'closed' | (string & {});
  readonly remoteDescription: Description | null;
  onicecandidate: ((event: { readonly candidate: IceCandidateInit | null }) => void) | null;
  ondatachannel: ((event: { readonly channel: DataChannel }) => void) | null;
  /** One for each interface and server: codes of STUN, or 701 where the server cannot be reached. */
  onicecandidateerror:
    | ((event: { readonly url: string; readonly errorCode: number; readonly errorText: string }) => void)
    | null;
  setConfiguration(configuration: EngineConfiguration): void;
  onconnectionstatechange: (() => void) | null;
  addTransceiver(
    kind: 'audio' | 'video' | MediaTrack,
    init: {
      readonly direction: Transceiver['direction'];
      readonly sendEncodings?: readonly (VideoLayer & { readonly rid: string })[];
    },
  ): Transceiver;
  getTransceivers(): Transceiver[];
  createDataChannel(
    label: string,
    init: {
      readonly negotiated: true;
      readonly id: number;
      readonly ordered: boolean;
      readonly maxRetransmits: number;
    },
  ): DataChannel;
  createOffer(options?: { readonly iceRestart?: boolean }): Promise<Description>;
  createAnswer(): Promise<Description>;
  setLocalDescription(description: Description): Promise<void>;
  setRemoteDescription(description: Description): Promise<void>;
  addIceCandidate(candidate: IceCandidateInit): Promise<void>;
  getStats(): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>>;
  close(): void;
}

let loaded: Wrtc | undefined;

const kept: EngineAudioInput[] = [];

/**
 * Keeps the engine's threads for the next connection. It ends them with the last of its objects and starts new ones for
 * the next, but a closed connection holds its own until it is collected: four threads and eight descriptors for each call.
 * Of what can be kept, an idle audio source costs least, and does not keep the process alive.
 */
export function keepThreads(wrtc: Wrtc): void {
  if (kept.length === 0) kept.push(new wrtc.nonstandard.RTCAudioSource());
}

/** Loads the engine on first use, so that importing the package costs nothing and runs where no binary exists. */
export function loadWrtc(): Wrtc {
  if (loaded !== undefined) return loaded;
  try {
    loaded = createRequire(import.meta.url)('@roamhq/wrtc') as Wrtc;
    leaveWithoutTeardown();
  } catch (error) {
    throw hostUnavailable('@roamhq/wrtc could not be loaded', toError(error));
  }
  return loaded;
}

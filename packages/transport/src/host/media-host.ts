// The contract of a media engine, and the queues and pacing that every engine shares. Knows no device, room or call.

import type { Cancel, ColorSpace, SluiceError } from '@sluice/core';

/**
 * The media engine behind an adapter whose calls are messages: the same interface is served in this process and by a
 * child process. Calls on one host are carried out in order. Nothing here blocks.
 */
export interface MediaHost {
  readonly mode: 'in-process' | 'child';
  /** Process id of whoever runs the engine. */
  readonly pid: number;
  createAudioSource(options: HostAudioSourceOptions): HostAudioSource;
  createVideoSource(options: HostVideoSourceOptions): HostVideoSource;
  createConnection(options: HostConnectionOptions): HostConnection;
  stats(): Promise<HostStats>;
  /**
   * The engine's process died: every source and connection of it is gone. New ones may be made at once; they wait for the
   * next engine. Told once more, with `failed`, when there will be none.
   */
  onDown(listener: (death: HostDeath) => void): Cancel;
  /** The engine that was started after a death runs. */
  onUp(listener: () => void): Cancel;
  /** Why no engine is started any more, `SLUICE_HOST_FAILED`: new sources and connections throw it. */
  readonly failure: SluiceError | undefined;
  close(): Promise<void>;
}

export interface HostDeath {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** How often it died so far. */
  readonly count: number;
  /** When the next engine is started, in milliseconds of the host's clock; undefined when no more is tried. */
  readonly retryAt: number | undefined;
  /** It stays down: no engine ran a minute after the fourth death within a minute. */
  readonly failed: boolean;
}

export interface HostStats {
  readonly connections: number;
  readonly sources: number;
  /** Lateness of the 10 ms ticks in milliseconds, since the last call. */
  readonly tickLateness: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Times that the schedule was moved because a stall was longer than 200 ms. */
  readonly reanchored: number;
  /** Pictures that were given up for newer ones on their way to or from the engine, because one side was slow. */
  readonly picturesDropped: number;
  /** Resident memory of the engine's process in bytes, and its CPU time in microseconds. */
  readonly rss: number;
  readonly cpuMicros: number;
}

export interface HostAudioSourceOptions {
  /** One of 8000, 16000, 24000, 44100, 48000. */
  readonly sampleRate: number;
  /** 1 or 2. */
  readonly channels: number;
  /** True: silence is sent whenever nothing is queued, from creation on. False: nothing is sent while idle. */
  readonly autoSilence: boolean;
  /** Media kept back before playing starts, or starts again after running dry, in milliseconds. */
  readonly cushionMs: number;
  /**
   * What the cushion begins with, at most `cushionMs`: it grows as far as a writer is late, to all of it after an underrun, and
   * shrinks again after half a minute of media that was in time. Default: `cushionMs`, which then never changes.
   */
  readonly firstCushionMs?: number;
}

/** A queue of samples inside the host, played by its pacer. May feed tracks of any number of connections. */
export interface HostAudioSource {
  readonly id: number;
  /** Queues interleaved samples of any whole length. The host takes the array over. */
  write(samples: Int16Array): void;
  /** No more is coming for now: play what is left, also a last slice that is not full (padded with silence). */
  flush(): void;
  /** Drops what is queued, fading out over `fadeMs` from the next slice on. Resolves with samples dropped per channel. */
  clear(fadeMs: number): Promise<number>;
  /**
   * Fades out over `fadeMs` from the next slice on, then stands still: what is queued, or comes, stays. The samples of the fade
   * count as played. Resolves when nothing more is played, or when it was resumed. Again while it stands: changes nothing.
   */
  pause(fadeMs: number): Promise<void>;
  /** Goes on with the sample after the last that was played, fading in as long as it faded out. */
  resume(): void;
  onProgress(listener: (progress: HostAudioProgress) => void): Cancel;
  close(): void;
}

/** Counted in samples per channel since creation, by the pacer, never estimated. */
export interface HostAudioProgress {
  /** Written samples that were handed to the engine. */
  readonly played: number;
  /** Written samples that were dropped by `clear`. */
  readonly dropped: number;
  /** Silence that was inserted. */
  readonly silence: number;
  /** Times that silence had to be put into the middle of media (more came within a second, without a flush). */
  readonly underruns: number;
  /** Slices of 10 ms that were sent late, waiting for a slow writer. The receiver's jitter buffer evens them out. */
  readonly heldBack: number;
  /** Times that the engine's thread stood still for more than 60 ms while media waited to be played. */
  readonly stalls: number;
  /** How long media was missing in the middle: at underruns until it went on, and at stalls. */
  readonly missing: number;
}

/** The progress of a source that was just made. */
export const nothingPlayed: HostAudioProgress = {
  played: 0,
  dropped: 0,
  silence: 0,
  underruns: 0,
  heldBack: 0,
  stalls: 0,
  missing: 0,
};

export interface HostVideoSourceOptions {
  /** True for slides and text: the encoder then keeps detail and lowers the frame rate first. */
  readonly screen: boolean;
}

/** An I420 picture, rows without padding. */
export interface HostPicture {
  readonly width: number;
  readonly height: number;
  /**
   * Absent: `bt601`. What a track sends is converted to what receivers expect of its codec. Of a received picture: what its
   * codec lets expect.
   */
  readonly colorSpace?: ColorSpace;
  /** In a buffer of its own, exactly as long as the picture. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Where pictures enter the engine. May feed tracks of any number of connections. Nothing is queued, paced or repeated. */
export interface HostVideoSource {
  readonly id: number;
  /**
   * Sends a picture now. `taken` is called exactly once, at once or later, when the bytes may be used again: also when
   * this throws, when the source is closed and when the engine dies. Whoever waits for it drops nothing; of pictures that
   * are written faster the newest are sent and the others counted.
   *
   * @throws RangeError or TypeError for a size over 4096 x 4096 pixels or bytes in a larger buffer, `SLUICE_FRAME_SHAPE`
   * for another number of bytes, `SLUICE_HOST_CLOSED`.
   */
  write(picture: HostPicture, taken: () => void): void;
  close(): void;
}

export type HostSource = HostAudioSource | HostVideoSource;

/** By which servers a connection finds its way. */
export interface IceSettings {
  readonly iceServers?: readonly {
    readonly urls: string | readonly string[];
    readonly username?: string;
    readonly credential?: string;
  }[];
  /** `relay` uses nothing but TURN. Default: `all`. */
  readonly iceTransportPolicy?: 'all' | 'relay';
}

export interface HostConnectionOptions extends IceSettings {
  /** Which interfaces' candidates are used: `loopback` keeps 127.0.0.1 only, `all` drops none but IPv6 link-local and TCP. */
  readonly candidates: 'loopback' | 'all';
  /**
   * `false` refuses the far side's sections of pictures, so that none is decoded, asked for or not. Send none on such a connection.
   * Default true.
   */
  readonly pictures?: boolean;
}

export interface TrackDescription {
  /** Media id of the m-line. */
  readonly mid: string;
  /** `microphone`, `screenAudio`, `customAudio.<name>`, `camera`, ... */
  readonly name: string;
}

export interface HostSessionDescription {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
  /** The sender's own tracks in this description. */
  readonly tracks: readonly TrackDescription[];
  /**
   * In an answer: own tracks that found no room in the offer (fewer m-lines than tracks, or stereo on a mono one). They
   * need an offer of their own; make one after the answer if this is not empty. Means nothing to the far side.
   */
  readonly pending?: readonly string[];
}

export interface HostIceCandidate {
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
  readonly usernameFragment?: string | null;
}

export interface AudioSendSettings {
  readonly channelConfig?: 'mono' | 'stereo';
  /** Bits per second. */
  readonly bitrate?: number;
  /**
   * Sends each packet with the one before it (RED), for a path that is known to lose some: a single one that is lost is not heard, from
   * the first on. Takes twice the bit rate, and nothing where the far side does not have it. Default false.
   */
  readonly redundancy?: boolean;
}

export const videoCodecs = ['VP8', 'VP9', 'AV1'] as const;
/** What the engine can encode. */
export type VideoCodec = (typeof videoCodecs)[number];

/** One of the encodings in which a picture is sent at once. */
export interface VideoLayer {
  /** 1 or more: 2 sends half the width and height. */
  readonly scaleResolutionDownBy?: number;
  /** Bits per second. */
  readonly maxBitrate?: number;
}

export interface VideoSendSettings {
  /** Bits per second. */
  readonly maxBitrate?: number;
  /** Pictures per second. */
  readonly maxFramerate?: number;
  /** 1 or more: 2 sends half the width and height. */
  readonly scaleResolutionDownBy?: number;
  /** Preferred; a far side that lacks it gets another. */
  readonly codec?: VideoCodec;
  /**
   * Two or three encodings that are sent at once, best first, for a server that picks one for each receiver (simulcast). Of small
   * pictures the engine sends fewer: two below 960x540, one below 480x270. Set with the first offer that has the track, VP8 only.
   * Default: one.
   */
  readonly layers?: readonly VideoLayer[];
}

/** One peer connection. Offers and answers follow the perfect-negotiation pattern; the caller carries the messages. */
export interface HostConnection {
  readonly id: number;
  /** Sends a source under a name. Takes effect with the next offer or answer. */
  addTrack(name: string, source: HostAudioSource, settings?: AudioSendSettings): void;
  addTrack(name: string, source: HostVideoSource, settings?: VideoSendSettings): void;
  /** Swaps the source, for one of the same kind, without renegotiation; null sends nothing. */
  replaceTrack(name: string, source: HostSource | null): void;
  /** Changes how a video track is sent. All but the codec applies at once, the codec with the next negotiation. */
  configureTrack(name: string, settings: VideoSendSettings): void;
  removeTrack(name: string): void;
  createOffer(options?: { readonly iceRestart?: boolean }): Promise<HostSessionDescription>;
  /** Call after `setRemoteDescription` of an offer. The local description is set. */
  createAnswer(): Promise<HostSessionDescription>;
  setRemoteDescription(description: HostSessionDescription): Promise<void>;
  rollback(): Promise<void>;
  addIceCandidate(candidate: HostIceCandidate): Promise<void>;
  /** Takes effect with the next offer or answer that restarts ICE. */
  setIce(settings: IceSettings): void;
  /** Whether received media of a remote track is delivered. Default: it is not, and costs next to nothing. */
  receive(name: string, wanted: boolean): void;
  stats(): Promise<HostConnectionStats>;
  on<K extends keyof HostConnectionEvents>(event: K, listener: (data: HostConnectionEvents[K]) => void): Cancel;
  close(): void;
}

export interface HostConnectionEvents {
  readonly candidate: HostIceCandidate;
  /** No candidate follows until ICE is restarted. A STUN server that does not answer holds it up for 40 s. */
  readonly gathered: undefined;
  /** A STUN or TURN server refused, or could not be reached from one interface: an error code of STUN, or 701. */
  readonly iceError: { readonly url: string; readonly code: number; readonly text: string };
  readonly state: 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';
  /** A remote track appeared or vanished. */
  readonly track: { readonly name: string; readonly kind: 'audio' | 'video'; readonly present: boolean };
  /**
   * About 10 ms of a wanted remote track, of one rate (48 kHz from our engine) as long as it lasts. The array owns its
   * buffer and is the listener's.
   */
  readonly audio: {
    readonly name: string;
    readonly samples: Int16Array;
    readonly sampleRate: number;
    readonly channels: number;
  };
  /**
   * A picture of a wanted remote track, of any size up to 4096 x 4096 pixels, which may change. Its bytes own their buffer,
   * are the listener's, and may be given to `videoFramePool.adopt`, which they come from.
   */
  readonly video: { readonly name: string; readonly picture: HostPicture };
  /** Every 250 ms while there is a remote track: RTP packets played so far on all tracks, reckoned from the time of the
   * newest one, for the media watchdog. `stats()` counts exactly. */
  readonly packets: { readonly received: number };
}

/** Counters since the connection was made. */
export interface HostConnectionStats {
  /** Of the connection. */
  readonly id: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly packetsSent: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Of those, what was video. */
  readonly videoPacketsReceived: number;
  readonly videoPacketsLost: number;
  readonly videoPacketsSent: number;
  readonly videoBytesReceived: number;
  readonly videoBytesSent: number;
  /**
   * Shares of what was sent that the far side missed, 0 to 1, by its last report of each track (`fractionLost` of RTCP),
   * which comes every second for video and every five for audio; 0 before the first, and where none came for 12 s.
   */
  readonly sentLoss: number;
  readonly videoSentLoss: number;
  /** Seconds; undefined before the first measurement. */
  readonly roundTripTime?: number;
  /**
   * Samples that the receiver's jitter buffer invented and that can be heard, and all samples it gave out. What it gives
   * out while nothing is sent is silence.
   */
  readonly concealedSamples: number;
  /** How often it began to, silence included. */
  readonly concealmentEvents: number;
  readonly totalSamplesReceived: number;
  /** Time in seconds that samples spent in the jitter buffer, summed over samples, and how many they were. */
  readonly jitterBufferDelay: number;
  readonly jitterBufferEmitted: number;
  /** Pictures encoded, decoded, and lost between network and delivery, those that were too large or too many among them. */
  readonly framesEncoded: number;
  readonly framesDecoded: number;
  readonly framesDropped: number;
  /** Codecs that video is received in, each once, in order of the alphabet: `VP8`. */
  readonly videoCodecs: readonly string[];
  /** Each audio track that is received. */
  readonly audio: readonly ReceivedAudioStats[];
  /** Each section on which pictures came, asked for or not. */
  readonly video: readonly ReceivedVideoStats[];
  /** The way that its media takes; absent before there is one. */
  readonly path?: NetworkPath;
}

/** The way that the media of a connection takes: the pair of candidates that ICE chose. */
export interface NetworkPath {
  /** How media leaves here: `udp`, `tcp`, or `tls` to a relay. */
  readonly protocol: string;
  /** Whether a relay of either side carries it. */
  readonly relayed: boolean;
  /** Of ICE's last check of it, in milliseconds; null before the first answer. */
  readonly roundTripMs: number | null;
  /** Where it begins here. */
  readonly local: NetworkPathEnd;
  /** Where it ends there. */
  readonly remote: NetworkPathEnd;
}

/** An end of the way. */
export interface NetworkPathEnd {
  /** What kind of candidate it is: `host`, `srflx`, `prflx` or `relay`. */
  readonly type: string;
  /** Its address, which may be somebody's: personal data. Empty where the far side did not tell its own. */
  readonly address: string;
  /** The port at that address. */
  readonly port: number;
}

/** Of one section on which pictures came. */
export interface ReceivedVideoStats {
  /** Of the section. */
  readonly mid: string;
  /** Of the track; empty where the far side gave it none. */
  readonly name: string;
  /** Pictures that were decoded, delivered or not. */
  readonly framesDecoded: number;
  /** Width times height of the newest. */
  readonly pixels: number;
}

/** Of one received audio track, as `HostConnectionStats` has it of all. */
export interface ReceivedAudioStats
  extends Pick<
    HostConnectionStats,
    'bytesReceived' | 'concealedSamples' | 'concealmentEvents' | 'packetsReceived' | 'totalSamplesReceived'
  > {
  /** Of the track. */
  readonly name: string;
  /** Samples of silence that were given out because nothing came; not among `concealedSamples`. */
  readonly silentConcealedSamples: number;
}

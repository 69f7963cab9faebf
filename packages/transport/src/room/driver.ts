// What a call asks of a room, and which driver answers for an address. Knows no device and no call.

import type { Cancel, Clock, SluiceError } from '@sluice/core';
import type {
  Ask,
  Grant,
  LeaveReason,
  Permissions,
  RecordingStatus,
  RoomInfo,
  ServerMessage,
  TranscriptionStatus,
  VideoQuality,
  WaitingInfo,
} from '@sluice/protocol';
import type {
  AudioSendSettings,
  HostAudioSource,
  HostConnectionStats,
  HostPicture,
  HostVideoSource,
  IceSettings,
  MediaHost,
  ReceivedAudioStats,
  VideoSendSettings,
} from '../host/media-host.ts';
import type { CandidateFilter } from './media-path.ts';

/** A track that this side offers to a room. Whether anybody receives it is up to them. */
export type LocalTrack = LocalAudioTrack | LocalVideoTrack;

interface LocalTrackBase {
  /** Packets flow all the time while it is on, silence included. */
  readonly continuous: boolean;
  /** Its level does not make its sender the active speaker. */
  readonly ignoreLevel: boolean;
}

export interface LocalAudioTrack extends LocalTrackBase {
  readonly kind: 'audio';
  /** What it sends; null while the input is off. */
  readonly source: HostAudioSource | null;
  readonly settings?: AudioSendSettings | undefined;
}

export interface LocalVideoTrack extends LocalTrackBase {
  readonly kind: 'video';
  readonly source: HostVideoSource | null;
  /** What each quality that a receiver may ask for is sent with; a driver to one receiver picks one. */
  readonly layers: VideoLayers;
  /** Where a server picks one for each receiver, all of them are sent at once. Default: false, the best alone. */
  readonly adaptive?: boolean;
}

export type VideoLayers = Readonly<Record<VideoQuality, VideoSendSettings>>;

/** A track as a remote participant announces it. */
export interface RemoteTrack {
  /** `microphone`, `screenAudio`, `customAudio.<name>`, `camera`, `screenVideo` or `customVideo.<name>`. */
  readonly name: string;
  /** The input behind it is on. */
  readonly enabled: boolean;
  /** It counts for nothing when the active speaker is looked for: music, for example. */
  readonly ignoreLevel: boolean;
}

/**
 * `staged`: negotiated, so that media begins at once when it is subscribed, and nothing is sent until then.
 * `unsubscribed`: not even that.
 */
export const subscriptionStates = ['subscribed', 'unsubscribed', 'staged'] as const;
/** Whether a track is wanted. */
export type SubscriptionState = (typeof subscriptionStates)[number];

/** `loading`: wanted, no media yet. `playable`: media arrives. `interrupted`: it should arrive and does not. */
export type RemoteTrackState = 'receivable' | 'loading' | 'playable' | 'interrupted' | 'off';

/** A participant, as a driver tells of it. */
export interface RoomParticipant {
  /** UUID. */
  readonly id: string;
  /** Empty until they have one. */
  readonly userName: string;
  /** What their token says; not unique, and empty without one. */
  readonly userId: string;
  /** Whether they may do everything in the room. */
  readonly isOwner: boolean;
  /** ISO 8601. */
  readonly joinedAt: string;
  /** What they offer, also what is off at the moment. */
  readonly tracks: readonly RemoteTrack[];
  /** Who has no presence is not shown, and sends nothing. */
  readonly permissions: Permissions;
  /** Inputs that somebody else turned off, by track name, until they are on again. */
  readonly mutedRemotely: readonly string[];
  /** What it tells about itself: any JSON value but null, at most 4 KiB. */
  readonly userData?: unknown;
}

/** What a driver is given to join a room with. */
export interface RoomJoin {
  /** The meeting URL with its query, of one of the driver's `schemes`. */
  readonly url: URL;
  /** As given to `join`; absent: none was. */
  readonly token?: string | undefined;
  /** As given to `join` or set before. A name in the token stands above it. */
  readonly userName: string;
  /** Any JSON value but null, at most 4 KiB. */
  readonly userData?: unknown;
  /** Which job of a fleet it does: of two bots of a job the one with the higher number stays. */
  readonly lease?: { readonly job: string; readonly revision: number } | undefined;
  /**
   * The bot before it stays until `takePlace` of the session is called. A driver whose rooms cannot do that gives the place to who
   * joins. Default: false.
   */
  readonly standby?: boolean;
  /** What is offered from the first moment on, by track name: `microphone`, `camera`, `customAudio.<name>`. */
  readonly tracks: ReadonlyMap<string, LocalTrack>;
  /** Makes the connections. One engine for all sessions of the process, unless it was told otherwise. */
  readonly media: MediaHost;
  /** The only source of time: timeouts and retries of a session too. */
  readonly clock: Clock;
  /** Aborts the joining. A session that was joined is not touched by it. */
  readonly signal: AbortSignal;
  /** The filter of the testing kit, looked up for each candidate. */
  readonly candidateFilter?: () => CandidateFilter | undefined;
  /** STUN and TURN servers, looked up for each connection. */
  readonly ice?: () => IceSettings;
  /** The HTTP proxy on the way to the server, looked up for each socket. */
  readonly proxy?: () => URL | undefined;
  /** Somebody has to let us in: the answer may take as long as a person takes. */
  readonly onWaiting?: () => void;
  /** Faults that end nothing. */
  readonly report: (error: unknown) => void;
}

/** What a driver's rooms can do beyond media between participants. What is missing is refused by name. */
export const roomCapabilities = [
  'app-messages',
  'chat',
  'user-data',
  'permissions',
  'eject',
  'admission',
  'recording',
  'transcription',
  'dtmf',
  'live-streaming',
  'sip',
  'pstn',
] as const;
/** What rooms of a driver may be able to do. */
export type RoomCapability = (typeof roomCapabilities)[number];

/** What a room tells that is no participant and no media: messages, digits, recording, transcription, who waits. */
export type RoomNews = Extract<
  ServerMessage,
  {
    readonly type:
      | 'app-message'
      | 'chat'
      | 'inputs-asked'
      | 'dtmf'
      | `recording-${string}`
      | `transcription-${string}`
      | 'waiting-updated';
  }
>;

/** Turns a meeting URL into a session in a room. One driver per kind of server. */
export interface RoomDriver {
  /** For messages and `capabilities`: `embedded`, `janus`. */
  readonly name: string;
  /** URL schemes it serves, with the colon: `http:`. */
  readonly schemes: readonly string[];
  /** What its rooms can do beside passing media on. */
  readonly capabilities: readonly RoomCapability[];
  /**
   * Resolves when the server let us in.
   *
   * @throws SluiceError with `SLUICE_JOIN_UNREACHABLE`, `SLUICE_JOIN_REFUSED`, `SLUICE_ROOM_...`; the signal's reason
   * when it aborts.
   */
  join(join: RoomJoin): Promise<RoomSession>;
}

/** Being in a room. Everything is safe to call at any time, also after the end, when it does nothing. */
export interface RoomSession {
  /** Id of the meeting; changes when the server was restarted. */
  readonly meetingId: string;
  /** Oneself, as the server knows it: with the rights that it grants. */
  readonly local: RoomParticipant;
  /** Those who are not shown among them: their permissions have no `hasPresence`. */
  readonly participants: ReadonlyMap<string, RoomParticipant>;
  /** Participant id; null until somebody has spoken. */
  readonly activeSpeaker: string | null;
  /** What the room is and can do beside passing media on. */
  readonly room: RoomInfo;
  /** Those that run, whoever began them. */
  readonly recordings: readonly RecordingStatus[];
  /** Those that run, whoever began them. */
  readonly transcriptions: readonly TranscriptionStatus[];
  /** Who waits to be let in; empty for who may not decide that. */
  readonly waiting: readonly WaitingInfo[];
  /** Told to everybody. A name in the token cannot be changed. */
  setUserName(userName: string): void;
  /** Told to everybody: any JSON value but null, at most 4 KiB. */
  setUserData(userData: unknown): void;
  /**
   * Asks the room for what has an answer: messages, the control of others, recording, transcription, digits. Asks are
   * carried out in their order, also through a break of the signalling.
   *
   * @throws `SLUICE_ROOM_DENIED` with what the room answered in `received`, `SLUICE_ROOM_LOST` if the session ended
   * before an answer came.
   */
  ask(ask: Ask): Promise<Grant>;
  /** The place of the job is this bot's: resolves when the one before it is out of the room. Absent where who joins has it. */
  takePlace?(): Promise<void>;
  /** Offers a track, or replaces what was offered under that name. */
  publish(name: string, track: LocalTrack): void;
  /** Takes the offer of a track back. Without an effect for one that was not offered. */
  unpublish(name: string): void;
  /** Whether media of a participant's track is wanted; also before the track exists. Default: `unsubscribed`. */
  subscribe(participantId: string, name: string, state: SubscriptionState): void;
  /** The best quality that is wanted of a participant's video track. Default: `high`. */
  limitQuality(participantId: string, name: string, maxQuality: VideoQuality): void;
  /**
   * Whether somebody looks at the pictures of a participant's video track. Default: nobody does, and only the first one
   * is delivered, which shows that the track arrives.
   */
  watch(participantId: string, name: string, watched: boolean): void;
  /**
   * Who hears one of our tracks: nobody is there to wait for, somebody who wants it is being connected, or somebody
   * receives it.
   */
  trackListeners(name: string): 'alone' | 'connecting' | 'heard';
  /** How far the receiving of somebody's track has come, by the state of its subscription and of its connection. */
  trackState(participantId: string, name: string): RemoteTrackState;
  /** What `ice` of the join returns is something else now: running connections restart ICE. */
  iceChanged(): void;
  /** One entry per peer connection. */
  stats(): Promise<readonly RoomConnectionStats[]>;
  /** Calls `listener` until the returned function is called, in the order in which things happened. */
  on<K extends keyof RoomSessionEvents>(event: K, listener: (data: RoomSessionEvents[K]) => void): Cancel;
  /** Says goodbye and gives everything back. Never rejects. */
  leave(): Promise<void>;
}

/** A connection of a room. */
export interface RoomConnectionStats extends HostConnectionStats {
  /** Each audio track that is received, and whose it is. */
  readonly audio: readonly (ReceivedAudioStats & { readonly participantId: string })[];
}

/** Properties of the session are up to date when its events are emitted. */
export interface RoomSessionEvents {
  /** Somebody else is in the room. Those who were there before are in `participants` from the start. */
  readonly joined: RoomParticipant;
  /** Its name, its tracks or the state of one changed. */
  readonly updated: RoomParticipant;
  /** They are out of `participants` already. */
  readonly left: { readonly participant: RoomParticipant; readonly reason: LeaveReason };
  /** 10 ms of a subscribed track. The array is the listener's. */
  readonly audio: {
    readonly participantId: string;
    readonly name: string;
    readonly samples: Int16Array;
    readonly sampleRate: number;
    readonly channels: number;
  };
  /** A picture of a subscribed track that is watched, and the first of any. Its bytes are the listener's. */
  readonly video: { readonly participantId: string; readonly name: string; readonly picture: HostPicture };
  /** What `trackListeners` says may have changed. */
  readonly listeners: undefined;
  /** `activeSpeaker` is another one. */
  readonly speaker: string | null;
  /** What the room tells beside participants and media. */
  readonly news: RoomNews;
  /** A path was cut or is back; the session has lasted through it. */
  readonly connection: RoomConnectionChange;
  /** The session is over against our will. */
  readonly lost: SluiceError;
}

/** `signalling`: the socket to the server. `media`: the path to or from one participant. */
export type RoomConnectionChange =
  | {
      readonly kind: 'signalling';
      /**
       * Told once for each change. While `interrupted`, what was asked of the room waits and is sent again; calls go on, since
       * media has paths of its own.
       */
      readonly state: 'interrupted' | 'connected';
    }
  | {
      readonly kind: 'media';
      /** Told once for each change. While `interrupted` nothing of theirs is heard or seen. */
      readonly state: 'interrupted' | 'connected';
      /** To or from whom: their id among the participants. */
      readonly participantId: string;
    };

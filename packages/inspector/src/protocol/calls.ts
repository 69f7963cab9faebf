/** A track of somebody in a call. */
export interface CallTrack {
  /** Shown as wanted unless it is `unsubscribed`. */
  readonly subscribed: unknown;
  /** In the words of the call: `playable`, `loading`, `off`. */
  readonly state: string;
  /** Why it is off, in the words of the call: `user`; empty while it is on. */
  readonly offReasons: readonly string[];
}

/** Somebody in a call. */
export interface CallParticipant {
  /** Their session id: another one after they came again. */
  readonly id: string;
  /** Who they are. `userName` is empty where they have none. */
  readonly info: { readonly isLocal: boolean; readonly isOwner: boolean; readonly userName: string };
  /** Their tracks, whether they offer them or not; of custom ones those that they offer, by name. */
  readonly media: {
    readonly microphone: CallTrack;
    readonly screenAudio: CallTrack;
    readonly customAudio: Readonly<Record<string, CallTrack>>;
    readonly camera: CallTrack;
    readonly screenVideo: CallTrack;
    readonly customVideo: Readonly<Record<string, CallTrack>>;
  };
}

/** What was wrong with the sound of a track, in totals of the call. */
export interface TrackGaps {
  /** Where it was: `sender`, `receiver` or `speaker`. */
  readonly edge: string;
  /** Its name: `microphone`, `customAudio.music`. */
  readonly track: string;
  /** Whose it is; empty where everybody is mixed. */
  readonly participantId: string;
  /** How often the sound stopped. */
  readonly gaps: number;
  /** All gaps together, in milliseconds. */
  readonly gapMs: number;
  /** What the receiver made up for lost or late packets, in milliseconds. */
  readonly concealedMs: number;
  /** How much sound there was, in milliseconds: what the others are shares of. */
  readonly playedMs: number;
}

/** The way that the media of a connection takes, and what it begins and ends at. */
export interface CallPath {
  /** How media leaves here: `udp`, `tcp`, or `tls` to a relay. */
  readonly protocol: string;
  /** Whether a relay of either side carries it. */
  readonly relayed: boolean;
  /** Of the last check of it, in milliseconds; null before the first answer. */
  readonly roundTripMs: number | null;
  /** Where it begins. */
  readonly local: CallPathEnd;
  /** Where it ends. */
  readonly remote: CallPathEnd;
}

/** An end of the way. */
export interface CallPathEnd {
  /** The kind of candidate: `host`, `srflx`, `prflx` or `relay`. */
  readonly type: string;
  /** Empty where it is not known, and in what the inspector tells without `media`. */
  readonly address: string;
  /** Beside the address; 0 where that is not told. */
  readonly port: number;
}

/** A call that can be shown. A `CallClient` of `@sluice/transport` is one; it is asked, and nothing of it is changed. */
export interface InspectedCall {
  /** `joining`, `joined`, `leaving` and so on, in the words of the call. */
  readonly callState: string;
  /** Everybody, by id; `local` is oneself. */
  participants(): Readonly<Record<string, CallParticipant>>;
  /** Its numbers are shown by their names; null is not known yet. */
  getNetworkStats(): {
    readonly glitches: readonly TrackGaps[];
    readonly threshold: string;
    readonly paths?: readonly CallPath[];
  };
}

/** A track with its owner's name for it: `microphone`, `customAudio.music`. */
export interface CallTrackRow {
  /** `microphone`, `camera`, `customAudio.<name>`. */
  readonly name: string;
  /** In the words of the call: `playable`, `off`. */
  readonly state: string;
  /** Whether its sound or pictures are asked for. */
  readonly wanted: boolean;
  /** Why it is off; empty while it is on. */
  readonly offReasons: readonly string[];
}

/** Somebody, as the page shows them. */
export interface CallMember {
  /** Names them in `gaps`. */
  readonly id: string;
  /** Their user name. */
  readonly name: string;
  /** The program itself. */
  readonly local: boolean;
  /** They may do everything in the room. */
  readonly owner: boolean;
  /** Those that exist. */
  readonly tracks: readonly CallTrackRow[];
}

/** A call at one moment. */
export interface CallSample {
  /** What messages call it: names may be the same. */
  readonly call: number;
  /** As `addCall` was told, or made up. */
  readonly name: string;
  /** `callState` of the call. */
  readonly state: string;
  /** Everybody, in the order of `participants()`. */
  readonly members: readonly CallMember[];
  /** `good`, `low`, `veryLow`. */
  readonly threshold: string;
  /** The numbers and words of `getNetworkStats()`, by their names there. */
  readonly network: Readonly<Record<string, number | string | null>>;
  /** One for each connection that has one; absent in files that were written before it was told. */
  readonly paths?: readonly CallPath[];
  /** One for each edge of each track. */
  readonly gaps: readonly TrackGaps[];
  /** Why it cannot be asked any more: it was released, for example. */
  readonly fault?: string | undefined;
}

/** Once a second, where there are calls: all of them. */
export interface Calls {
  readonly type: 'calls';
  /** Milliseconds since 1970. */
  readonly t: number;
  /** In the order in which they were added. */
  readonly calls: readonly CallSample[];
}

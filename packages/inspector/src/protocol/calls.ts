/** A track of somebody in a call. */
export interface CallTrack {
  readonly subscribed: unknown;
  readonly state: string;
  readonly offReasons: readonly string[];
}

/** Somebody in a call. */
export interface CallParticipant {
  readonly id: string;
  readonly info: { readonly isLocal: boolean; readonly isOwner: boolean; readonly userName: string };
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
  readonly track: string;
  readonly participantId: string;
  readonly gaps: number;
  readonly gapMs: number;
  readonly concealedMs: number;
  readonly playedMs: number;
}

/** A call that can be shown. A `CallClient` of `@sluice/transport` is one; it is asked, and nothing of it is changed. */
export interface InspectedCall {
  readonly callState: string;
  participants(): Readonly<Record<string, CallParticipant>>;
  /** Its numbers are shown by their names; null is not known yet. */
  getNetworkStats(): { readonly glitches: readonly TrackGaps[]; readonly threshold: string };
}

/** A track with its owner's name for it: `microphone`, `customAudio.music`. */
export interface CallTrackRow {
  readonly name: string;
  readonly state: string;
  /** Whether its sound or pictures are asked for. */
  readonly wanted: boolean;
  readonly offReasons: readonly string[];
}

/** Somebody, as the page shows them. */
export interface CallMember {
  readonly id: string;
  readonly name: string;
  readonly local: boolean;
  readonly owner: boolean;
  readonly tracks: readonly CallTrackRow[];
}

/** A call at one moment. */
export interface CallSample {
  /** What messages call it: names may be the same. */
  readonly call: number;
  readonly name: string;
  readonly state: string;
  readonly members: readonly CallMember[];
  /** `good`, `low`, `veryLow`. */
  readonly threshold: string;
  /** The numbers of `getNetworkStats()`, by their names there. */
  readonly network: Readonly<Record<string, number | null>>;
  readonly gaps: readonly TrackGaps[];
  /** Why it cannot be asked any more: it was released, for example. */
  readonly fault?: string | undefined;
}

/** Once a second, where there are calls: all of them. */
export interface Calls {
  readonly type: 'calls';
  /** Milliseconds since 1970. */
  readonly t: number;
  readonly calls: readonly CallSample[];
}

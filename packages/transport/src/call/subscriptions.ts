import { type VideoQuality, videoQualities } from '@sluice/protocol';
import * as v from 'valibot';
import { type SubscriptionState, subscriptionStates } from '../room/driver.ts';
import { checkSettings } from './check-settings.ts';
import { ownEntry } from './own-entry.ts';

/** Whether a track of pictures is wanted, and how good it has to be. */
export type VideoSubscription =
  | SubscriptionState
  | {
      /** Whether its media shall be received. */
      readonly subscriptionState: SubscriptionState;
      /** `maxQuality`: the best that is wanted; the sender sends no better one. Default: `high`. */
      readonly settings?: { readonly maxQuality?: VideoQuality };
    };

/** What is wanted of a participant. What is not named falls back: to the profile, to `base`, to `subscribed`. */
export interface MediaSubscription {
  /** Its voice. */
  readonly microphone?: SubscriptionState;
  /** The sound of what it shows. */
  readonly screenAudio?: SubscriptionState;
  /** By track name; `*` stands for those that are not named. */
  readonly customAudio?: Readonly<Record<string, SubscriptionState>>;
  /** Its camera. */
  readonly camera?: VideoSubscription;
  /** What it shows. */
  readonly screenVideo?: VideoSubscription;
  /** By track name; `*` stands for those that are not named. */
  readonly customVideo?: Readonly<Record<string, VideoSubscription>>;
}

/** What is wanted of one participant. */
export interface ParticipantSubscription {
  /** Default: `base`. */
  readonly profile?: string;
  /** Stands above what the profile says, track by track; what it does not name is as in the profile. */
  readonly media?: MediaSubscription;
}

/** By participant id; null takes the entry back. */
export type SubscriptionsUpdate = Readonly<Record<string, ParticipantSubscription | null>>;
/** By profile name; what is named is merged into the profile. */
export type SubscriptionProfilesUpdate = Readonly<Record<string, MediaSubscription>>;

const state = v.picklist(subscriptionStates);
const video = v.union([
  state,
  v.strictObject({
    subscriptionState: state,
    settings: v.exactOptional(v.strictObject({ maxQuality: v.exactOptional(v.picklist(videoQualities)) })),
  }),
]);
const media = v.strictObject({
  microphone: v.exactOptional(state),
  screenAudio: v.exactOptional(state),
  customAudio: v.exactOptional(v.record(v.string(), state)),
  camera: v.exactOptional(video),
  screenVideo: v.exactOptional(video),
  customVideo: v.exactOptional(v.record(v.string(), video)),
});
const profileName = v.pipe(v.string(), v.minLength(1), v.maxLength(128));
const profiles = v.record(profileName, media);
const participants = v.record(
  v.string(),
  v.nullable(v.strictObject({ profile: v.exactOptional(profileName), media: v.exactOptional(media) })),
);

/** Which media of whom is wanted. Keeps its settings from call to call. */
export class SubscriptionBook {
  #profiles: Record<string, MediaSubscription> = { base: {} };
  #participants: Record<string, ParticipantSubscription> = {};

  get profiles(): Readonly<Record<string, MediaSubscription>> {
    return this.#profiles;
  }

  get participants(): Readonly<Record<string, ParticipantSubscription>> {
    return this.#participants;
  }

  updateProfiles(change: SubscriptionProfilesUpdate): void {
    const checked: SubscriptionProfilesUpdate = checkSettings(profiles, 'profileSettings', change);
    const next = { ...this.#profiles };
    for (const [name, value] of Object.entries(checked)) next[name] = mergeMedia(ownEntry(next, name), value);
    this.#profiles = next;
  }

  updateParticipants(change: SubscriptionsUpdate): void {
    const checked: SubscriptionsUpdate = checkSettings(participants, 'participantSettings', change);
    const next = { ...this.#participants };
    for (const [id, value] of Object.entries(checked)) {
      if (value === null) delete next[id];
      else {
        const before = ownEntry(next, id);
        const merged = mergeMedia(before?.media, value.media ?? {});
        next[id] = { profile: value.profile ?? before?.profile ?? 'base', media: merged };
      }
    }
    this.#participants = next;
  }

  /** Whether a track (`microphone`, `camera`, `customAudio.<name>`, ...) of a participant is wanted. */
  stateOf(participantId: string, track: string): SubscriptionState {
    for (const entry of this.#entries(participantId, track))
      return typeof entry === 'object' ? entry.subscriptionState : entry;
    return 'subscribed';
  }

  /** The best quality that is wanted of a video track of a participant. */
  maxQuality(participantId: string, track: string): VideoQuality {
    for (const entry of this.#entries(participantId, track)) {
      const limit = typeof entry === 'object' ? entry.settings?.maxQuality : undefined;
      if (limit !== undefined) return limit;
    }
    return 'high';
  }

  /** What is said about a track, the most particular first. */
  *#entries(participantId: string, track: string): Iterable<VideoSubscription> {
    const participant = ownEntry(this.#participants, participantId);
    const profile = ownEntry(this.#profiles, participant?.profile ?? 'base');
    for (const level of [participant?.media, profile, this.#profiles.base]) {
      const entry = entryOf(level, track);
      if (entry !== undefined) yield entry;
    }
  }
}

function entryOf(media: MediaSubscription | undefined, track: string): VideoSubscription | undefined {
  if (media === undefined) return undefined;
  if (track === 'microphone' || track === 'screenAudio' || track === 'camera' || track === 'screenVideo')
    return media[track];
  const [kind, name] = [track.slice(0, 'customAudio'.length), track.slice('customAudio.'.length)];
  const custom = kind === 'customVideo' ? media.customVideo : media.customAudio;
  return ownEntry<VideoSubscription>(custom, name) ?? custom?.['*'];
}

function mergeMedia(current: MediaSubscription = {}, change: MediaSubscription): MediaSubscription {
  const customAudio = { ...current.customAudio, ...change.customAudio };
  const customVideo = { ...current.customVideo, ...change.customVideo };
  return {
    ...current,
    ...change,
    ...(Object.keys(customAudio).length > 0 && { customAudio }),
    ...(Object.keys(customVideo).length > 0 && { customVideo }),
  };
}

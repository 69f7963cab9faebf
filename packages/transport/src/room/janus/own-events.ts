import type { SluiceError } from '@sluice/core';
import type { ActiveSpeaker } from './members/active-speaker.ts';
import type { FeedId, Roster } from './members/roster.ts';
import type { RoomEventTaker } from './room-events.ts';

export interface OwnEventsOptions {
  readonly roster: Roster;
  readonly speaker: ActiveSpeaker;
  /** Participant id, and the feed that it is on the server that we publish to. */
  readonly id: string;
  readonly feed: () => FeedId;
  /** We are in the room no more. */
  readonly over: (error: SluiceError) => void;
}

/** To whom goes what our server tells of the room. */
export function ownEvents({ roster, speaker, id, feed: own, over }: OwnEventsOptions): RoomEventTaker {
  return {
    entry: (value) => roster.take(value),
    unpublished: (feed) => roster.unpublished(feed),
    left: (feed, reason) => roster.left(feed, reason),
    talking: (feed, mid, isTalking) => speaker.take(feed === own() ? id : undefined, feed, mid, isTalking, roster),
    over,
  };
}

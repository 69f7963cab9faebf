import type { VideoQuality } from '@sluice/protocol';
import type { SubscriptionState } from '../driver.ts';
import type { Peer } from './peer.ts';

interface Wishes {
  /** Those that are not `unsubscribed`. */
  readonly tracks: Map<string, SubscriptionState>;
  readonly watched: Set<string>;
  readonly limits: Map<string, VideoQuality>;
}

/** What was asked for of participants, also before they are there. */
export class SessionWishes {
  readonly #byParticipant = new Map<string, Wishes>();

  subscribe(participantId: string, name: string, state: SubscriptionState): void {
    const { tracks } = this.#of(participantId);
    if (state === 'unsubscribed') tracks.delete(name);
    else tracks.set(name, state);
  }

  watch(participantId: string, name: string, watched: boolean): void {
    change(this.#of(participantId).watched, name, watched);
  }

  limit(participantId: string, name: string, maxQuality: VideoQuality): void {
    this.#of(participantId).limits.set(name, maxQuality);
  }

  /** A participant came. */
  tell(peer: Peer): void {
    const wishes = this.#byParticipant.get(peer.info.id);
    if (wishes === undefined) return;
    for (const [name, state] of wishes.tracks) peer.wish(name, state);
    for (const [name, maxQuality] of wishes.limits) peer.limitQuality(name, maxQuality);
    for (const name of wishes.watched) peer.watch(name, true);
  }

  forget(participantId: string): void {
    this.#byParticipant.delete(participantId);
  }

  #of(participantId: string): Wishes {
    const known = this.#byParticipant.get(participantId);
    if (known !== undefined) return known;
    const wishes: Wishes = { tracks: new Map(), watched: new Set(), limits: new Map() };
    this.#byParticipant.set(participantId, wishes);
    return wishes;
  }
}

function change(names: Set<string>, name: string, present: boolean): void {
  if (present) names.add(name);
  else names.delete(name);
}

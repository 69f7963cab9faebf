import type { Cancel } from '@sluice/core';
import {
  type Completion,
  checkOperation,
  type DataCompletion,
  type OperationOptions,
  optionsAndCompletion,
} from '../completion.ts';
import { type NetworkStats, noNetwork } from '../network-stats.ts';
import type { Participants } from '../participants.ts';
import type { AudioRendererCallback, AudioRendererOptions } from '../receive/audio-renderer.ts';
import { checkRenderer, type Renderers } from '../receive/renderers.ts';
import type { VideoRendererCallback, VideoRendererOptions } from '../receive/video-renderers.ts';
import type { SubscriptionBook, SubscriptionProfilesUpdate, SubscriptionsUpdate } from '../subscriptions.ts';
import { MeasuresClient } from './measures-client.ts';

/** Lets sources of graphs listen and look beside the renderers that users set. */
export const RENDERERS = Symbol('sluice.call.renderers');

/** What a client receives: subscriptions, renderers, the network. */
export abstract class ReceivingClient extends MeasuresClient {
  /** `local` and one entry per remote participant. */
  abstract participants(): Participants;

  subscriptions(): SubscriptionBook['participants'] {
    this.parts.checkAlive();
    return this.parts.subscriptions.participants;
  }

  /** Chooses what is received of whom. Profiles and participants may be changed in one call. */
  updateSubscriptions(
    participantSettings: SubscriptionsUpdate | null,
    profileSettings?: SubscriptionProfilesUpdate | null,
    completion?: Completion,
  ): Promise<void> {
    return this.parts.update('updateSubscriptions', completion, () => {
      if (profileSettings != null) this.parts.subscriptions.updateProfiles(profileSettings);
      if (participantSettings !== null) this.parts.subscriptions.updateParticipants(participantSettings);
      this.parts.call?.resubscribe();
      if (profileSettings != null)
        this.parts.events.emit('subscription-profiles-updated', { profiles: this.parts.subscriptions.profiles });
      this.parts.events.emit('subscriptions-updated', { subscriptions: this.parts.subscriptions.participants });
    });
  }

  subscriptionProfiles(): SubscriptionBook['profiles'] {
    this.parts.checkAlive();
    return this.parts.subscriptions.profiles;
  }

  /** `base` applies to everybody and subscribes to everything until it is told otherwise. */
  updateSubscriptionProfiles(profileSettings: SubscriptionProfilesUpdate, completion?: Completion): Promise<void> {
    return this.parts.update('updateSubscriptionProfiles', completion, () => {
      this.parts.subscriptions.updateProfiles(profileSettings);
      this.parts.call?.resubscribe();
      this.parts.events.emit('subscription-profiles-updated', { profiles: this.parts.subscriptions.profiles });
    });
  }

  /**
   * Gives a participant's audio to a callback, every 20 ms unless told otherwise; when the track pauses or ends a shorter
   * frame gives what is there, and the next one has a `gap` as long as the pause. May be set before the participant is there; replaces the renderer of the same source; ends when the participant leaves, when this client leaves, or
   * when the returned function is called. Of one whose connection was lost (`connectionLost`) it stays, for it has the same id when it
   * comes back. It does not subscribe: the subscription settings must allow the track.
   */
  setAudioRenderer(participantId: string, callback: AudioRendererCallback, options: AudioRendererOptions = {}): Cancel {
    checkRenderer(participantId, callback, this.participants());
    return this.parts.renderers.audio.set(participantId, callback, options);
  }

  /**
   * Gives a participant's pictures to a callback, one call for each that is received, in any of the six colour formats.
   * The size is the sender's and may change from one picture to the next; the timestamp tells when it was received. While the
   * sound that belongs to them is received too, pictures wait for it, some 30 ms and at most 60. May be
   * set before the participant is there; replaces the renderer of the same source; ends when the participant leaves,
   * when this client leaves, or when the returned function is called. Of one whose connection was lost (`connectionLost`) it stays, for
   * it has the same id when it comes back. Set for somebody who is not there, or not any more, it is never called. It does not subscribe: the subscription settings must allow the track.
   */
  setVideoRenderer(participantId: string, callback: VideoRendererCallback, options: VideoRendererOptions = {}): Cancel {
    checkRenderer(participantId, callback, this.participants());
    return this.parts.renderers.video.set(participantId, callback, options);
  }

  /** Measured now, over all connections of the call. Told as an event too, which comes every two seconds in any case. */
  networkStats(
    given: OperationOptions | DataCompletion<NetworkStats> = {},
    done?: DataCompletion<NetworkStats>,
  ): Promise<NetworkStats> {
    const { options, completion } = optionsAndCompletion(given, done);
    const work = async () => this.parts.call?.networkStats() ?? noNetwork;
    const check = () => checkOperation('networkStats', options);
    return this.parts.run({
      name: 'networkStats',
      ...options,
      check,
      work,
      completion,
      complete: completion,
    });
  }

  /** @internal */
  get [RENDERERS](): Renderers {
    this.parts.checkAlive();
    return this.parts.renderers;
  }
}

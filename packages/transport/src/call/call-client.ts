// The call client: joining, inputs, publishing, subscriptions, participants, renderers, events, statistics. No end
// of a graph.

import { type Cancel, checkKeys, realClock, SluiceError } from '@sluice/core';
import { candidateFilterOf } from '../room/media-path.ts';
import {
  type CallClientOptions,
  type CustomAudioTrackOptions,
  checkJoin,
  ignoreLevel,
  type JoinOptions,
  joinTimeout,
} from './call-client-options.ts';
import { dailyDevices } from './call-devices.ts';
import { CallEventEmitter } from './call-event-emitter.ts';
import type { CallState } from './call-events.ts';
import { CallFaults } from './call-faults.ts';
import { CallGauges } from './call-gauges.ts';
import { CallLifecycle, type JoinResult } from './call-lifecycle.ts';
import { CallMeasures } from './call-measures.ts';
import { CallSettings } from './call-settings.ts';
import {
  type Completion,
  checkOperation,
  type DataCompletion,
  type OperationOptions,
  optionsAndCompletion,
  withoutData,
} from './completion.ts';
import { type NetworkStats, noNetwork } from './network-stats.ts';
import { Operations } from './operations.ts';
import { describeAlone, type Participant, type ParticipantCounts, type Participants } from './participants.ts';
import type { AudioRendererCallback, AudioRendererOptions } from './receive/audio-renderer.ts';
import { checkRenderer, Renderers } from './receive/renderers.ts';
import type { VideoRendererCallback, VideoRendererOptions } from './receive/video-renderers.ts';
import type { InputSettings, InputSettingsUpdate } from './send/inputs.ts';
import { LocalTracks } from './send/local-tracks.ts';
import { initialPublishing, type PublishingSettings, type PublishingSettingsUpdate } from './send/publishing.ts';
import type { TrackWithId } from './send/track-inputs.ts';
import { SubscriptionBook, type SubscriptionProfilesUpdate, type SubscriptionsUpdate } from './subscriptions.ts';
import { checkUserName } from './user-name.ts';

const OPERATION_MS = 10_000;

/** Lets sources of graphs listen and look beside the renderers that users set. */
export const RENDERERS = Symbol('sluice.call.renderers');

/**
 * One participant in one call at a time; any number of clients may live in a process. Everything may be called inside
 * event handlers. What takes time returns a promise and takes a completion as its last argument too: `(error)`, or
 * `(data, error)` where there is data. After `release()` every method fails with `SLUICE_CALL_RELEASED`.
 */
export class CallClient extends CallMeasures {
  protected readonly events: CallEventEmitter;
  protected readonly gauges: CallGauges;
  readonly #operations: Operations;
  readonly #subscriptions = new SubscriptionBook();
  readonly #renderers: Renderers;
  readonly #tracks: LocalTracks;
  readonly #lifecycle: CallLifecycle;
  readonly #settings: CallSettings;
  #userName = '';
  #released = false;

  constructor(options: CallClientOptions = {}) {
    super();
    checkKeys<CallClientOptions>('CallClient', options, { devices: true, clock: true });
    const { clock = realClock, devices = dailyDevices } = options;
    const faults = new CallFaults(() => this.events);
    this.events = new CallEventEmitter(faults.handler);
    this.#operations = new Operations(
      clock,
      (error) => faults.handler(error, 'completion'),
      () => this.checkAlive(),
    );
    this.#renderers = new Renderers(clock, faults.handler);
    this.#tracks = new LocalTracks(devices, initialPublishing);
    this.#settings = new CallSettings(this.#tracks, this.events);
    this.#lifecycle = new CallLifecycle({
      devices,
      clock,
      tracks: this.#tracks,
      subscriptions: this.#subscriptions,
      renderers: this.#renderers,
      events: this.events,
      candidateFilter: () => candidateFilterOf(this),
      report: faults.connection,
    });
    this.gauges = new CallGauges({
      clock,
      devices,
      events: this.events,
      tracks: this.#tracks,
      remoteLevels: this.#renderers.levels,
      call: () => this.#lifecycle.call,
    });
  }

  /** `initialized`, `joining`, `joined`, `leaving`, `left`; a client that left may join again. */
  get callState(): CallState {
    return this.#lifecycle.state;
  }

  /**
   * Enters a room. Default time limit: 10 s.
   *
   * @throws SluiceError with `SLUICE_JOIN_UNREACHABLE`, `SLUICE_JOIN_REFUSED`, `SLUICE_JOIN_TIMEOUT`, `SLUICE_ROOM_URL`,
   * `SLUICE_ROOM_TOKEN`, `SLUICE_ROOM_FULL`, `SLUICE_ROOM_VERSION`, `SLUICE_CALL_STATE`, `SLUICE_ABORTED`.
   */
  join(
    meetingUrl: string,
    given: JoinOptions | DataCompletion<JoinResult> = {},
    done?: DataCompletion<JoinResult>,
  ): Promise<JoinResult> {
    const { options, completion } = optionsAndCompletion(given, done);
    const { signal, timeoutMs = OPERATION_MS } = options;
    return this.#operations.run({
      name: 'join',
      timeoutMs,
      timeout: () => joinTimeout(meetingUrl, timeoutMs),
      ...(signal !== undefined && { signal }),
      check: () => checkJoin(options),
      work: (abort) => this.#join(meetingUrl, options, abort),
      complete: completion,
    });
  }

  /**
   * Leaves the call, or gives up joining. Does nothing when not in a call. Who has just spoken stays up to 250 ms, until
   * the last word is heard. Default time limit: 10 s.
   */
  leave(given: OperationOptions | Completion = {}, done?: Completion): Promise<void> {
    const { options, completion } = optionsAndCompletion(given, done);
    return this.#operations.run({
      name: 'leave',
      timeoutMs: OPERATION_MS,
      ...options,
      check: () => checkOperation('leave', options),
      work: () => this.#lifecycle.leave(),
      complete: withoutData(completion),
    });
  }

  /** Waits for what is under way, leaves, and gives everything back. */
  async release(): Promise<void> {
    this.checkAlive();
    this.#released = true;
    await this.#operations.settled();
    await this.#lifecycle.leave();
    this.#renderers.close();
    this.gauges.close();
    this.events.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#released) await this.release();
  }

  /** At most 512 bytes of UTF-8 without control characters. */
  setUserName(userName: string): void {
    this.checkAlive();
    checkUserName(userName);
    this.#userName = userName;
    this.#lifecycle.call?.session.setUserName(userName);
  }

  inputs(): InputSettings {
    this.checkAlive();
    return this.#settings.inputs;
  }

  /** Chooses devices and tracks and turns them on or off. What is not named stays as it is. */
  updateInputs(inputs: InputSettingsUpdate, completion?: Completion): Promise<void> {
    return this.#update('updateInputs', completion, () => this.#settings.updateInputs(inputs));
  }

  publishing(): PublishingSettings {
    this.checkAlive();
    return this.#settings.publishing;
  }

  /** Chooses what is sent, and how. What is not named stays as it is. */
  updatePublishing(publishing: PublishingSettingsUpdate, completion?: Completion): Promise<void> {
    return this.#update('updatePublishing', completion, () => this.#settings.updatePublishing(publishing));
  }

  subscriptions(): SubscriptionBook['participants'] {
    this.checkAlive();
    return this.#subscriptions.participants;
  }

  /** Chooses what is received of whom. Profiles and participants may be changed in one call. */
  updateSubscriptions(
    participantSettings: SubscriptionsUpdate | null,
    profileSettings?: SubscriptionProfilesUpdate | null,
    completion?: Completion,
  ): Promise<void> {
    return this.#update('updateSubscriptions', completion, () => {
      if (profileSettings != null) this.#subscriptions.updateProfiles(profileSettings);
      if (participantSettings !== null) this.#subscriptions.updateParticipants(participantSettings);
      this.#lifecycle.call?.resubscribe();
      if (profileSettings != null)
        this.events.emit('subscription-profiles-updated', { profiles: this.#subscriptions.profiles });
      this.events.emit('subscriptions-updated', { subscriptions: this.#subscriptions.participants });
    });
  }

  subscriptionProfiles(): SubscriptionBook['profiles'] {
    this.checkAlive();
    return this.#subscriptions.profiles;
  }

  /** `base` applies to everybody and subscribes to everything until it is told otherwise. */
  updateSubscriptionProfiles(profileSettings: SubscriptionProfilesUpdate, completion?: Completion): Promise<void> {
    return this.#update('updateSubscriptionProfiles', completion, () => {
      this.#subscriptions.updateProfiles(profileSettings);
      this.#lifecycle.call?.resubscribe();
      this.events.emit('subscription-profiles-updated', { profiles: this.#subscriptions.profiles });
    });
  }

  /** Adds a named track beside the microphone, also before joining, 12 custom tracks in all. Sent unless publishing says otherwise. */
  addCustomAudioTrack(
    trackName: string,
    track: TrackWithId,
    options: CustomAudioTrackOptions = {},
    completion?: Completion,
  ): Promise<void> {
    return this.#update('addCustomAudioTrack', completion, () =>
      this.#tracks.addCustom('customAudio', trackName, track, ignoreLevel('addCustomAudioTrack', options) ?? false),
    );
  }

  /** Puts another track under a name, without a break for those who listen. */
  updateCustomAudioTrack(
    trackName: string,
    track: TrackWithId,
    options: CustomAudioTrackOptions = {},
    completion?: Completion,
  ): Promise<void> {
    return this.#update('updateCustomAudioTrack', completion, () =>
      this.#tracks.updateCustom('customAudio', trackName, track, ignoreLevel('updateCustomAudioTrack', options)),
    );
  }

  removeCustomAudioTrack(trackName: string, completion?: Completion): Promise<void> {
    return this.#update('removeCustomAudioTrack', completion, () =>
      this.#tracks.removeCustom('customAudio', trackName),
    );
  }

  /** Adds a named track beside the camera, also before joining, 12 custom tracks in all. Sent unless publishing says otherwise. */
  addCustomVideoTrack(trackName: string, track: TrackWithId, completion?: Completion): Promise<void> {
    return this.#update('addCustomVideoTrack', completion, () =>
      this.#tracks.addCustom('customVideo', trackName, track),
    );
  }

  /** Puts another track under a name; those who look see the next picture of it. */
  updateCustomVideoTrack(trackName: string, track: TrackWithId, completion?: Completion): Promise<void> {
    return this.#update('updateCustomVideoTrack', completion, () =>
      this.#tracks.updateCustom('customVideo', trackName, track),
    );
  }

  removeCustomVideoTrack(trackName: string, completion?: Completion): Promise<void> {
    return this.#update('removeCustomVideoTrack', completion, () =>
      this.#tracks.removeCustom('customVideo', trackName),
    );
  }

  /** `local` and one entry per remote participant. */
  participants(): Participants {
    this.checkAlive();
    return this.#lifecycle.call?.participants ?? { local: describeAlone(this.#userName) };
  }

  participantCounts(): ParticipantCounts {
    this.checkAlive();
    const others = this.#lifecycle.call?.session.participants.size;
    return { present: others === undefined ? 0 : others + 1, hidden: 0 };
  }

  /** The last one who spoke; null before anybody did. */
  activeSpeaker(): Participant | null {
    this.checkAlive();
    return this.#lifecycle.call?.activeSpeaker ?? null;
  }

  /**
   * Gives a participant's audio to a callback, every 20 ms unless told otherwise; when the track pauses or ends a shorter
   * frame gives what is there, and the next one has a `gap` as long as the pause. May be set before the participant is there; replaces the renderer of the same source; ends when the participant leaves, when this client leaves, or
   * when the returned function is called. It does not subscribe: the subscription settings must allow the track.
   */
  setAudioRenderer(participantId: string, callback: AudioRendererCallback, options: AudioRendererOptions = {}): Cancel {
    checkRenderer(participantId, callback, this.participants());
    return this.#renderers.audio.set(participantId, callback, options);
  }

  /**
   * Gives a participant's pictures to a callback, one call for each that is received, in any of the six colour formats.
   * The size is the sender's and may change from one picture to the next; the timestamp tells when it was received. May be
   * set before the participant is there; replaces the renderer of the same source; ends when the participant leaves,
   * when this client leaves, or when the returned function is called. Set for somebody who is not there, or not any more,
   * it is never called. It does not subscribe: the subscription settings must allow the track.
   */
  setVideoRenderer(participantId: string, callback: VideoRendererCallback, options: VideoRendererOptions = {}): Cancel {
    checkRenderer(participantId, callback, this.participants());
    return this.#renderers.video.set(participantId, callback, options);
  }

  /** Measured now, over all connections of the call. Told as an event too, which comes every two seconds in any case. */
  networkStats(
    given: OperationOptions | DataCompletion<NetworkStats> = {},
    done?: DataCompletion<NetworkStats>,
  ): Promise<NetworkStats> {
    const { options, completion } = optionsAndCompletion(given, done);
    const work = async () => this.#lifecycle.call?.networkStats() ?? noNetwork;
    const check = () => checkOperation('networkStats', options);
    return this.#operations.run({
      name: 'networkStats',
      timeoutMs: OPERATION_MS,
      ...options,
      check,
      work,
      complete: completion,
    });
  }

  /** @internal */
  get [RENDERERS](): Renderers {
    this.checkAlive();
    return this.#renderers;
  }

  #update(name: string, completion: Completion | undefined, apply: () => void): Promise<void> {
    return this.#operations.run({
      name,
      timeoutMs: OPERATION_MS,
      work: async () => apply(),
      complete: withoutData(completion),
    });
  }

  #join(meetingUrl: string, { token, clientSettings = {} }: JoinOptions, signal: AbortSignal): Promise<JoinResult> {
    const prepare = () => this.#settings.join(clientSettings);
    return this.#lifecycle.join({ meetingUrl, token, userName: this.#userName, signal, prepare });
  }

  protected checkAlive(): void {
    if (!this.#released) return;
    throw new SluiceError('SLUICE_CALL_RELEASED', 'the call client was released', { fix: 'Create a new CallClient' });
  }
}

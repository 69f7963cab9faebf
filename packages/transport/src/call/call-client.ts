import { type Cancel, type Clock, invalidArgument, realClock, SluiceError, toError } from '@sluice/core';
import { Observable } from 'rxjs';
import { EventEmitter } from '../event-emitter.ts';
import { MAX_USER_NAME_BYTES } from '../room/protocol-fields.ts';
import type { AudioRendererCallback, AudioRendererOptions } from './audio-renderer.ts';
import { type CallDevices, dailyDevices } from './call-devices.ts';
import type { CallEvents, CallState } from './call-events.ts';
import { CallLifecycle, type JoinResult } from './call-lifecycle.ts';
import { type Completion, type DataCompletion, type OperationOptions, optionsAndCompletion } from './completion.ts';
import { type InputSettings, type InputSettingsUpdate, initialInputs, updatedInputs } from './inputs.ts';
import { LocalTracks, type TrackWithId } from './local-tracks.ts';
import { candidateFilterOf } from './media-path.ts';
import { type NetworkStats, networkStats } from './network-stats.ts';
import { type Operation, Operations } from './operations.ts';
import { describeParticipant, type Participant, type ParticipantCounts, type Participants } from './participants.ts';
import {
  initialPublishing,
  type PublishingSettings,
  type PublishingSettingsUpdate,
  updatedPublishing,
} from './publishing.ts';
import { type AudioTap, Renderers } from './renderers.ts';
import { SubscriptionBook, type SubscriptionProfilesUpdate, type SubscriptionsUpdate } from './subscriptions.ts';

export interface CallClientOptions {
  /** Default: the devices of `Daily`. */
  readonly devices?: CallDevices;
  /** Default: the real clock. */
  readonly clock?: Clock;
}

export interface ClientSettings {
  readonly inputs?: InputSettingsUpdate;
  readonly publishing?: PublishingSettingsUpdate;
}

export interface JoinOptions extends OperationOptions {
  /** Meeting token, for rooms that want one. */
  readonly token?: string;
  readonly clientSettings?: ClientSettings;
}

export interface CustomAudioTrackOptions {
  /** Its level does not make this client the active speaker. Default: false. */
  readonly ignoreAudioLevel?: boolean;
}

const JOIN_MS = 10_000;
const OPERATION_MS = 10_000;

/** Lets sources of graphs listen beside the renderers. */
export const TAP = Symbol('sluice.call.tap');

/**
 * One participant in one call at a time; any number of clients may live in a process. Everything may be called inside
 * event handlers. What takes time returns a promise and takes a completion as its last argument too: `(error)`, or
 * `(data, error)` where there is data. After `release()` every method fails with `SLUICE_CALL_RELEASED`.
 */
export class CallClient {
  readonly #events: EventEmitter<CallEvents>;
  readonly #operations: Operations;
  readonly #subscriptions = new SubscriptionBook();
  readonly #renderers: Renderers;
  readonly #tracks: LocalTracks;
  readonly #lifecycle: CallLifecycle;
  #inputs = initialInputs;
  #publishing = initialPublishing;
  #userName = '';
  #released = false;

  constructor(options: CallClientOptions = {}) {
    const { clock = realClock, devices = dailyDevices } = options;
    this.#events = new EventEmitter((error, event) => this.#handlerFailed(error, event));
    this.#operations = new Operations(clock, (error) => this.#handlerFailed(error, 'completion'));
    this.#renderers = new Renderers((error) => this.#handlerFailed(error, 'audio renderer'));
    this.#tracks = new LocalTracks(devices, this.#publishing);
    this.#lifecycle = new CallLifecycle({
      devices,
      clock,
      tracks: this.#tracks,
      subscriptions: this.#subscriptions,
      renderers: this.#renderers,
      events: this.#events,
      candidateFilter: () => candidateFilterOf(this),
      report: (error) => this.#fault('SLUICE_CALL_CONNECTION', 'a connection of the call met a fault', error),
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
  join(meetingUrl: string, options: JoinOptions = {}, completion?: DataCompletion<JoinResult>): Promise<JoinResult> {
    const { signal, timeoutMs = JOIN_MS } = options;
    return this.#run({
      name: 'join',
      timeoutMs,
      timeout: () =>
        new SluiceError('SLUICE_JOIN_TIMEOUT', `the server did not let us in within ${timeoutMs} ms`, {
          received: meetingUrl,
          fix: 'Check that a room server runs at this address',
        }),
      ...(signal !== undefined && { signal }),
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
    return this.#run({
      name: 'leave',
      timeoutMs: OPERATION_MS,
      ...options,
      work: () => this.#lifecycle.leave(),
      complete: unary(completion),
    });
  }

  /** Waits for what is under way, leaves, and gives everything back. */
  async release(): Promise<void> {
    this.#alive();
    this.#released = true;
    await this.#operations.settled();
    await this.#lifecycle.leave();
    this.#events.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#released) await this.release();
  }

  /** At most 512 bytes of UTF-8 without control characters. */
  setUserName(userName: string): void {
    this.#alive();
    const fits = typeof userName === 'string' && Buffer.byteLength(userName) <= MAX_USER_NAME_BYTES;
    if (!fits || /[\p{Cc}\p{Cs}]/u.test(userName))
      throw invalidArgument('userName', `at most ${MAX_USER_NAME_BYTES} bytes without control characters`, userName);
    this.#userName = userName;
    this.#lifecycle.call?.session.setUserName(userName);
  }

  inputs(): InputSettings {
    this.#alive();
    return this.#inputs;
  }

  /** Chooses devices and tracks and turns them on or off. What is not named stays as it is. */
  updateInputs(inputs: InputSettingsUpdate, completion?: Completion): Promise<void> {
    return this.#update('updateInputs', completion, () => this.#setInputs(updatedInputs(this.#inputs, inputs)));
  }

  publishing(): PublishingSettings {
    this.#alive();
    return this.#publishing;
  }

  /** Chooses what is sent, and how. What is not named stays as it is. */
  updatePublishing(publishing: PublishingSettingsUpdate, completion?: Completion): Promise<void> {
    return this.#update('updatePublishing', completion, () =>
      this.#setPublishing(updatedPublishing(this.#publishing, publishing)),
    );
  }

  subscriptions(): SubscriptionBook['participants'] {
    this.#alive();
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
        this.#events.emit('subscription-profiles-updated', { profiles: this.#subscriptions.profiles });
      this.#events.emit('subscriptions-updated', { subscriptions: this.#subscriptions.participants });
    });
  }

  subscriptionProfiles(): SubscriptionBook['profiles'] {
    this.#alive();
    return this.#subscriptions.profiles;
  }

  /** `base` applies to everybody and subscribes to everything until it is told otherwise. */
  updateSubscriptionProfiles(profileSettings: SubscriptionProfilesUpdate, completion?: Completion): Promise<void> {
    return this.#update('updateSubscriptionProfiles', completion, () => {
      this.#subscriptions.updateProfiles(profileSettings);
      this.#lifecycle.call?.resubscribe();
      this.#events.emit('subscription-profiles-updated', { profiles: this.#subscriptions.profiles });
    });
  }

  /** Adds a named track beside the microphone, also before joining. It is sent unless publishing says otherwise. */
  addCustomAudioTrack(
    trackName: string,
    track: TrackWithId,
    options: CustomAudioTrackOptions = {},
    completion?: Completion,
  ): Promise<void> {
    return this.#update('addCustomAudioTrack', completion, () =>
      this.#tracks.addCustom(trackName, track, options.ignoreAudioLevel ?? false),
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
      this.#tracks.updateCustom(trackName, track, options.ignoreAudioLevel),
    );
  }

  removeCustomAudioTrack(trackName: string, completion?: Completion): Promise<void> {
    return this.#update('removeCustomAudioTrack', completion, () => this.#tracks.removeCustom(trackName));
  }

  /** `local` and one entry per remote participant. */
  participants(): Participants {
    this.#alive();
    return this.#lifecycle.call?.participants ?? { local: this.#alone() };
  }

  participantCounts(): ParticipantCounts {
    this.#alive();
    return {
      present: this.#lifecycle.call === undefined ? 0 : this.#lifecycle.call.session.participants.size + 1,
      hidden: 0,
    };
  }

  /** The last one who spoke; null before anybody did. */
  activeSpeaker(): Participant | null {
    this.#alive();
    return this.#lifecycle.call?.activeSpeaker ?? null;
  }

  /**
   * Gives a participant's audio to a callback, every 20 ms unless told otherwise. May be set before the participant is
   * there; replaces the renderer of the same source; ends when the participant leaves, when this client leaves, or
   * when the returned function is called. It does not subscribe: the subscription settings must allow the track.
   */
  setAudioRenderer(participantId: string, callback: AudioRendererCallback, options: AudioRendererOptions = {}): Cancel {
    this.#alive();
    if (typeof participantId !== 'string') throw invalidArgument('participantId', 'a string', participantId);
    if (typeof callback !== 'function') throw invalidArgument('callback', 'a function', callback);
    return this.#renderers.set(participantId, callback, options);
  }

  /** Measured now, over all connections of the call. Told as an event too. */
  networkStats(
    given: OperationOptions | DataCompletion<NetworkStats> = {},
    done?: DataCompletion<NetworkStats>,
  ): Promise<NetworkStats> {
    const { options, completion } = optionsAndCompletion(given, done);
    const work = async () => {
      const stats = networkStats((await this.#lifecycle.call?.session.stats()) ?? []);
      this.#events.emit('network-stats-updated', stats);
      return stats;
    };
    return this.#run({ name: 'networkStats', timeoutMs: OPERATION_MS, ...options, work, complete: completion });
  }

  /** Returns a function that takes the listener back. What a listener throws is told as an `error` event. */
  on<K extends keyof CallEvents>(event: K, listener: (data: CallEvents[K]) => void): Cancel {
    this.#alive();
    return this.#events.on(event, listener);
  }

  off<K extends keyof CallEvents>(event: K, listener: (data: CallEvents[K]) => void): void {
    this.#events.off(event, listener);
  }

  once<K extends keyof CallEvents>(event: K, listener: (data: CallEvents[K]) => void): Cancel {
    const cancel = this.on(event, (data) => {
      cancel();
      listener(data);
    });
    return cancel;
  }

  /** The same events as an Observable, which never completes by itself. */
  events$<K extends keyof CallEvents>(event: K): Observable<CallEvents[K]> {
    return new Observable((destination) => this.on(event, (data) => destination.next(data)));
  }

  /** @internal */
  [TAP](participantId: string, tap: AudioTap, options: AudioRendererOptions): Cancel {
    this.#alive();
    return this.#renderers.add(participantId, tap, options);
  }

  #run<T>(operation: Operation<T>): Promise<T> {
    const work = operation.work;
    return this.#operations.run({
      ...operation,
      work: async (signal) => {
        this.#alive();
        return work(signal);
      },
    });
  }

  #update(name: string, completion: Completion | undefined, apply: () => void): Promise<void> {
    return this.#run({ name, timeoutMs: OPERATION_MS, work: async () => apply(), complete: unary(completion) });
  }

  #join(meetingUrl: string, { token, clientSettings = {} }: JoinOptions, signal: AbortSignal): Promise<JoinResult> {
    const prepare = () => {
      const inputs = updatedInputs(this.#inputs, clientSettings.inputs ?? {}, 'clientSettings.inputs');
      const publishing = updatedPublishing(
        this.#publishing,
        clientSettings.publishing ?? {},
        'clientSettings.publishing',
      );
      this.#setInputs(inputs);
      this.#setPublishing(publishing);
    };
    return this.#lifecycle.join({ meetingUrl, token, userName: this.#userName, signal, prepare });
  }

  #setInputs(inputs: InputSettings): void {
    if (inputs === this.#inputs) return;
    this.#tracks.setInputs(inputs);
    this.#inputs = inputs;
    this.#events.emit('inputs-updated', { inputs });
  }

  #setPublishing(publishing: PublishingSettings): void {
    this.#publishing = publishing;
    this.#tracks.setPublishing(publishing);
    this.#events.emit('publishing-updated', { publishing });
  }

  #alone(): Participant {
    const nobody = { id: '', userName: this.#userName, userId: '', isOwner: false, joinedAt: '', tracks: [] };
    return describeParticipant(
      nobody,
      true,
      () => false,
      () => 'off',
    );
  }

  #alive(): void {
    if (!this.#released) return;
    throw new SluiceError('SLUICE_CALL_RELEASED', 'the call client was released', { fix: 'Create a new CallClient' });
  }

  #handlerFailed(error: unknown, where: string): void {
    if (where === 'error') process.emitWarning(toError(error));
    else this.#fault('SLUICE_CALL_HANDLER', `a handler of yours threw (${where})`, error);
  }

  #fault(code: 'SLUICE_CALL_HANDLER' | 'SLUICE_CALL_CONNECTION', what: string, cause: unknown): void {
    const error = new SluiceError(code, `${what}: ${toError(cause).message}`, { cause });
    if (this.#events.has('error')) this.#events.emit('error', { message: error.message, error });
    else process.emitWarning(error);
  }
}

function unary(completion: Completion | undefined): ((data: unknown, error: Error | null) => void) | undefined {
  return completion === undefined ? undefined : (_, error) => completion(error);
}

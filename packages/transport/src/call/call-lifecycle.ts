// The life of a call: what a client has chosen, who is in the call, what is told of it. No method of users.

import { type CallMessage, type Cancel, type Clock, callChannel, SluiceError, sleep, toError } from '@sluice/core';
import type { MediaHost } from '../host/media-host.ts';
import type { RoomCapability, RoomJoin, RoomSession } from '../room/driver.ts';
import { roomDriverFor } from '../room/driver-registry.ts';
import type { JoinLease } from './call-client-options.ts';
import type { CallDevices } from './call-devices.ts';
import type { CallEventEmitter } from './call-event-emitter.ts';
import type { CallState } from './call-events.ts';
import type { CallNetwork } from './call-network.ts';
import type { CallSettings } from './call-settings.ts';
import { JoinQueue } from './control/join-queue.ts';
import type { Profile } from './control/profile.ts';
import { LiveCall } from './live-call.ts';
import type { Participants } from './participants.ts';
import type { Renderers } from './receive/renderers.ts';
import type { LocalTracks } from './send/local-tracks.ts';
import type { SubscriptionBook } from './subscriptions.ts';

/** What a client knows once it has joined. */
export interface JoinResult {
  /** The session of the room: the same for all who are in it at one time. */
  readonly meetingSession: { readonly id: string };
  /** Who is in the room, this client included. */
  readonly participants: Participants;
}

export interface CallLifecycleOptions {
  readonly devices: CallDevices;
  readonly clock: Clock;
  readonly tracks: LocalTracks;
  readonly settings: CallSettings;
  readonly subscriptions: SubscriptionBook;
  readonly renderers: Renderers;
  readonly events: CallEventEmitter;
  readonly candidateFilter: NonNullable<RoomJoin['candidateFilter']>;
  readonly network: CallNetwork;
  /** A fault of a connection that ends nothing. */
  readonly report: (error: unknown) => void;
}

export interface LifecycleJoin {
  readonly meetingUrl: string;
  readonly token: string | undefined;
  readonly lease: JoinLease | undefined;
  readonly profile: Profile;
  readonly signal: AbortSignal;
  /** Somebody has to let us in. */
  readonly onWaiting: () => void;
  /** Applies the settings given with the join. What it throws ends the join before anything has happened. */
  readonly prepare: () => void;
}

/** How long after the last played media a leaving client stays, so that it is heard to its end, in milliseconds. */
const LAST_WORD_MS = 250;

let clients = 0;

/** The states of a client, in their order: initialized, joining, joined, leaving, left, joining, ... */
export class CallLifecycle {
  readonly #options: CallLifecycleOptions;
  readonly #id = ++clients;
  #url: string | undefined;
  #state: CallState = 'initialized';
  #call: LiveCall | undefined;
  readonly #queue = new JoinQueue<LiveCall>();
  #joining: AbortController | undefined;
  #leaving: Promise<void> | undefined;
  #cancelDown: Cancel = () => {};
  #cancelInCall: Cancel = () => {};

  constructor(options: CallLifecycleOptions) {
    this.#options = options;
  }

  get state(): CallState {
    return this.#state;
  }

  /** The call while it lasts. */
  get call(): LiveCall | undefined {
    return this.#call;
  }

  /** The call. Throws `SLUICE_CALL_STATE` outside of one. */
  joinedCall(name: string): LiveCall {
    if (this.#call !== undefined && this.#state === 'joined') return this.#call;
    throw new SluiceError('SLUICE_CALL_STATE', `${name} needs a call that is joined`, {
      expected: 'joined',
      received: this.#state,
      fix: 'Await join() first',
    });
  }

  /** The call, as soon as it is joined. Those who wait go on in their order, before those who come later. */
  whenJoined(name: string, signal: AbortSignal): Promise<LiveCall> {
    if (this.#call !== undefined && this.#state === 'joined') return Promise.resolve(this.#call);
    return this.#queue.wait(name, signal);
  }

  /** Nobody joins any more. */
  giveUpWaiting(): void {
    this.#queue.giveUp();
  }

  async join({ meetingUrl, token, lease, profile, signal, onWaiting, prepare }: LifecycleJoin): Promise<JoinResult> {
    if (this.#state !== 'initialized' && this.#state !== 'left')
      throw new SluiceError('SLUICE_CALL_STATE', 'join does not fit the state of the call', {
        expected: 'initialized or left',
        received: this.#state,
        fix: 'Leave first, or use another CallClient',
      });
    const { devices, tracks, clock, events, candidateFilter, network, report } = this.#options;
    const { driver, url } = roomDriverFor(meetingUrl);
    const { host } = devices;
    if (host.failure !== undefined) throw host.failure;
    prepare();
    this.#cancelInCall = devices.inCall(() => this.leave());
    const joining = new AbortController();
    this.#joining = joining;
    const either = AbortSignal.any([signal, joining.signal]);
    const offered = tracks.offered;
    let waited = false;
    this.#url = withoutSecrets(url);
    this.#setState('joining');
    try {
      const session = await driver.join({
        url,
        token,
        lease: lease && { job: lease.job, revision: lease.revision },
        standby: lease?.onBegin !== undefined,
        userName: profile.userName,
        userData: profile.userData,
        tracks: offered,
        media: host,
        clock,
        signal: either,
        candidateFilter,
        ice: () => network.ice,
        proxy: () => network.proxy,
        onWaiting: () => {
          if (either.aborted) return;
          waited = true;
          onWaiting();
          events.emit('access-state-updated', { access: 'lobby' });
        },
        report,
      });
      if (either.aborted) await session.leave();
      either.throwIfAborted();
      if (waited) events.emit('access-state-updated', { access: 'full' });
      // Who heard of it may have left.
      if (either.aborted) await session.leave();
      either.throwIfAborted();
      const joined = this.#joined(session, driver.capabilities, host, offered);
      // Who left before has no place to take.
      lease?.onBegin?.(async () => {
        if (this.#call?.session === session) await session.takePlace?.();
      });
      return joined;
    } catch (error) {
      if (this.#joining === joining && this.state === 'joining') this.#setState('left', toError(error));
      throw error;
    } finally {
      if (this.#joining === joining) this.#joining = undefined;
    }
  }

  /**
   * Leaves the call or gives up joining; does nothing in the other states. Who has just spoken stays up to 250 ms, until
   * the last word is heard.
   */
  leave(): Promise<void> {
    this.#leaving ??= this.#leave().finally(() => {
      this.#leaving = undefined;
    });
    return this.#leaving;
  }

  #joined(
    session: RoomSession,
    capabilities: readonly RoomCapability[],
    host: MediaHost,
    offered: RoomJoin['tracks'],
  ): JoinResult {
    const { tracks } = this.#options;
    const call = new LiveCall({
      ...this.#options,
      sent: tracks.glitches,
      session,
      capabilities,
      onListeners: () => tracks.updateListeners(),
      onLost: (error) => this.#lost(error),
    });
    this.#call = call;
    this.#followEngine(host);
    tracks.attach(session, offered);
    this.#queue.joined(call);
    this.#setState('joined');
    call.start();
    if (host.failure !== undefined) this.#lost(host.failure);
    return { meetingSession: { id: session.meetingId }, participants: call.participants };
  }

  async #leave(): Promise<void> {
    if (this.#state === 'joining') {
      this.#setState('leaving');
      this.#joining?.abort(new SluiceError('SLUICE_ABORTED', 'join was aborted by leave'));
      this.#setState('left');
    } else if (this.#call !== undefined) {
      this.#setState('leaving');
      await this.#lastWord();
      await this.#end(this.#call);
    }
  }

  /** What was played is still on its way: the far side's jitter buffer ends with the connection. */
  async #lastWord(): Promise<void> {
    const { clock, tracks } = this.#options;
    const wait = LAST_WORD_MS - (clock.now() - tracks.lastHeardAt);
    if (wait > 0) await sleep(clock, wait);
  }

  async #end(call: LiveCall): Promise<void> {
    this.#cancelDown();
    this.#options.tracks.detach();
    call.close();
    await call.session.leave();
    this.#call = undefined;
    this.#options.events.callEnded();
    this.#setState('left');
  }

  #lost(error: SluiceError): void {
    if (this.#call === undefined || this.#state !== 'joined') return;
    this.#setState('leaving', error);
    if (error.code === 'SLUICE_ROOM_REMOVED') this.#call.removed();
    this.#options.events.emit('error', { message: error.message, error });
    this.#leaving = this.#end(this.#call).finally(() => {
      this.#leaving = undefined;
    });
  }

  #followEngine(host: MediaHost): void {
    const { clock, events, tracks } = this.#options;
    let count = 0;
    const cancels = [
      host.onDown((death) => {
        count = death.count;
        if (host.failure !== undefined) return this.#lost(host.failure);
        const { retryAt } = death;
        const told = retryAt === undefined ? {} : { retryAt: Math.round(Date.now() + retryAt - clock.now()) };
        events.emit('network-connection', { kind: 'engine', state: 'restarting', count, ...told });
        // After every device has heard of it and made its source anew.
        queueMicrotask(() => tracks.refresh());
      }),
      host.onUp(() => events.emit('network-connection', { kind: 'engine', state: 'restarted', count })),
    ];
    this.#cancelDown = () => {
      for (const cancel of cancels) cancel();
    };
  }

  #setState(state: CallState, error?: Error): void {
    this.#state = state;
    if (state === 'left') {
      this.#cancelInCall();
      this.#queue.giveUp();
    }
    if (callChannel.hasSubscribers)
      callChannel.publish({ client: this.#id, state, url: this.#url, error } satisfies CallMessage);
    this.#options.events.emit('call-state-updated', { state });
  }
}

/** A token may stand in the query or the fragment. */
function withoutSecrets(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

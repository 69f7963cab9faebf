import type { Cancel, Clock, SluiceError } from '@sluice/core';
import { trackKind } from '@sluice/protocol';
import type { RemoteVoice } from '../devices/speaker/speaker-hub.ts';
import type { RoomParticipant, RoomSession } from '../room/driver.ts';
import type { CallDevices } from './call-devices.ts';
import type { CallEventEmitter } from './call-event-emitter.ts';
import type { LeftReason } from './call-events.ts';
import type { NetworkStats } from './network-stats.ts';
import { NetworkWatch } from './network-watch.ts';
import { describeParticipant, type Participant, type Participants } from './participants.ts';
import type { Renderers } from './receive/renderers.ts';
import type { SubscriptionBook } from './subscriptions.ts';

export interface LiveCallOptions {
  readonly clock: Clock;
  readonly session: RoomSession;
  readonly devices: CallDevices;
  readonly subscriptions: SubscriptionBook;
  readonly renderers: Renderers;
  readonly events: CallEventEmitter;
  readonly onListeners: () => void;
  readonly onLost: (error: SluiceError) => void;
}

const reasons = {
  left: 'leftCall',
  lost: 'connectionLost',
  removed: 'removed',
  hidden: 'hidden',
} as const satisfies Record<string, LeftReason>;

/** A call while it lasts: turns what the room tells into events, subscriptions, audio and pictures. */
export class LiveCall {
  readonly session: RoomSession;
  readonly #options: LiveCallOptions;
  /** One voice per subscribed audio track, `participant id/track name`. */
  readonly #voices = new Map<string, RemoteVoice>();
  readonly #cancels: Cancel[] = [];
  readonly #network: NetworkWatch;

  constructor(options: LiveCallOptions) {
    this.session = options.session;
    this.#options = options;
    this.#network = new NetworkWatch({
      clock: options.clock,
      measure: () => this.session.stats(),
      tell: (stats) => options.events.emit('network-stats-updated', stats),
    });
  }

  /** Subscribes and starts to tell; those who are here already are told as joined. */
  start(): void {
    const { session } = this;
    const { events, renderers } = this.#options;
    this.#cancels.push(
      session.on('joined', (participant) => this.#joined(participant)),
      session.on('updated', (participant) => {
        this.#subscribe(participant);
        events.emit('participant-updated', { participant: this.describe(participant) });
      }),
      session.on('left', ({ participant, reason }) => {
        for (const key of this.#voices.keys()) if (key.startsWith(`${participant.id}/`)) this.#endVoice(key);
        renderers.end(participant.id);
        events.left({ participant: this.describe(participant), leftReason: reasons[reason] });
        this.#counts();
      }),
      session.on('audio', ({ participantId, name, samples, sampleRate, channels }) => {
        renderers.levels.take(participantId, name, samples);
        renderers.audio.take(participantId, name, samples, sampleRate, channels);
        // Last: the array is the speakers' from here on.
        this.#voices.get(`${participantId}/${name}`)?.push(samples, sampleRate, channels);
      }),
      session.on('video', ({ participantId, name, picture }) => renderers.video.take(participantId, name, picture)),
      renderers.video.follow((id, track, watched) => session.watch(id, track, watched)),
      session.on('speaker', () => events.emit('active-speaker-changed', { participant: this.activeSpeaker })),
      session.on('connection', (change) => events.emit('network-connection', change)),
      session.on('listeners', () => this.#options.onListeners()),
      session.on('lost', (error) => this.#options.onLost(error)),
    );
    this.#counts();
    for (const participant of [...session.participants.values()]) this.#joined(participant);
  }

  get participants(): Participants {
    const all: Record<string, Participant> = {};
    for (const participant of this.session.participants.values()) all[participant.id] = this.describe(participant);
    return { ...all, local: this.describe(this.session.local) };
  }

  get activeSpeaker(): Participant | null {
    const { activeSpeaker, local, participants } = this.session;
    const speaker = activeSpeaker === local.id ? local : participants.get(activeSpeaker ?? '');
    return speaker === undefined ? null : this.describe(speaker);
  }

  describe(participant: RoomParticipant): Participant {
    const { id } = participant;
    return describeParticipant(
      participant,
      id === this.session.local.id,
      (track) => this.#options.subscriptions.stateOf(id, track),
      (track) => this.session.trackState(id, track),
    );
  }

  /** As it was told last. */
  get lastNetworkStats(): NetworkStats | undefined {
    return this.#network.last;
  }

  networkStats(): Promise<NetworkStats> {
    return this.#network.stats();
  }

  /** The subscription settings changed. */
  resubscribe(): void {
    for (const participant of [...this.session.participants.values()]) this.#subscribe(participant);
  }

  /** Ends the telling; the session is left by who owns it. */
  close(): void {
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#network.close();
    this.#options.renderers.clear();
    for (const key of this.#voices.keys()) this.#endVoice(key);
  }

  #joined(participant: RoomParticipant): void {
    this.#options.events.joined({ participant: this.describe(participant) });
    this.#counts();
    this.#subscribe(participant);
  }

  #subscribe({ id, tracks }: RoomParticipant): void {
    const wanted = new Set<string>();
    for (const { name } of tracks) {
      const state = this.#options.subscriptions.stateOf(id, name);
      if (trackKind(name) === 'video')
        this.session.limitQuality(id, name, this.#options.subscriptions.maxQuality(id, name));
      this.session.subscribe(id, name, state);
      if (state === 'subscribed' && trackKind(name) === 'audio') wanted.add(`${id}/${name}`);
    }
    const { devices, renderers } = this.#options;
    for (const key of wanted)
      if (!this.#voices.has(key)) this.#voices.set(key, renderers.listeners.open(devices.speakers.open()));
    for (const key of this.#voices.keys()) if (key.startsWith(`${id}/`) && !wanted.has(key)) this.#endVoice(key);
  }

  #endVoice(key: string): void {
    this.#voices.get(key)?.close();
    this.#voices.delete(key);
  }

  #counts(): void {
    this.#options.events.emit('participant-counts-updated', { present: this.session.participants.size + 1, hidden: 0 });
  }
}

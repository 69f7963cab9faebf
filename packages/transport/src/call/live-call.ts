import type { Cancel, SluiceError } from '@sluice/core';
import type { EventEmitter } from '../event-emitter.ts';
import type { RoomParticipant, RoomSession } from '../room/driver.ts';
import type { CallDevices, SpeakerFeed } from './call-devices.ts';
import type { CallEvents, LeftReason } from './call-events.ts';
import { describeParticipant, type Participant, type Participants } from './participants.ts';
import type { Renderers } from './renderers.ts';
import type { SubscriptionBook } from './subscriptions.ts';

export interface LiveCallOptions {
  readonly session: RoomSession;
  readonly devices: CallDevices;
  readonly subscriptions: SubscriptionBook;
  readonly renderers: Renderers;
  readonly events: EventEmitter<CallEvents>;
  readonly onLost: (error: SluiceError) => void;
}

const reasons = { left: 'leftCall', lost: 'connectionLost', removed: 'removed' } as const satisfies Record<
  string,
  LeftReason
>;

/** A call while it lasts: turns what the room tells into events, subscriptions and audio. */
export class LiveCall {
  readonly session: RoomSession;
  readonly #options: LiveCallOptions;
  readonly #speaker: SpeakerFeed;
  readonly #cancels: Cancel[] = [];

  constructor(options: LiveCallOptions) {
    this.session = options.session;
    this.#options = options;
    this.#speaker = options.devices.openSpeaker();
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
        for (const { name } of participant.tracks) this.#speaker.end(`${participant.id}/${name}`);
        renderers.end(participant.id);
        events.emit('participant-left', { participant: this.describe(participant), leftReason: reasons[reason] });
        this.#counts();
      }),
      session.on('audio', ({ participantId, name, samples, sampleRate, channels }) => {
        this.#speaker.play(`${participantId}/${name}`, samples, sampleRate, channels);
        renderers.take(participantId, name, samples, sampleRate, channels);
      }),
      session.on('speaker', () => events.emit('active-speaker-changed', { participant: this.activeSpeaker })),
      session.on('connection', (change) => events.emit('network-connection', change)),
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
      (track) => this.#options.subscriptions.wants(id, track),
      (track) => this.session.trackState(id, track),
    );
  }

  /** The subscription settings changed. */
  resubscribe(): void {
    for (const participant of [...this.session.participants.values()]) this.#subscribe(participant);
  }

  /** Ends the telling; the session is left by who owns it. */
  close(): void {
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#options.renderers.clear();
    this.#speaker.close();
  }

  #joined(participant: RoomParticipant): void {
    this.#options.events.emit('participant-joined', { participant: this.describe(participant) });
    this.#counts();
    this.#subscribe(participant);
  }

  #subscribe({ id, tracks }: RoomParticipant): void {
    for (const { name } of tracks) {
      const wanted = this.#options.subscriptions.wants(id, name);
      this.session.subscribe(id, name, wanted);
      if (!wanted) this.#speaker.end(`${id}/${name}`);
    }
  }

  #counts(): void {
    this.#options.events.emit('participant-counts-updated', { present: this.session.participants.size + 1, hidden: 0 });
  }
}

import type { Cancel, Clock, SluiceError } from '@sluice/core';
import { trackKind } from '@sluice/protocol';
import type { RemoteVoice } from '../devices/speaker/speaker-hub.ts';
import type { TrackGlitches } from '../devices/track-glitches.ts';
import type {
  RemoteTrackState,
  RoomCapability,
  RoomConnectionStats,
  RoomParticipant,
  RoomSession,
  SubscriptionState,
} from '../room/driver.ts';
import type { CallDevices } from './call-devices.ts';
import type { CallEventEmitter } from './call-event-emitter.ts';
import type { LeftReason } from './call-events.ts';
import type { CallSettings } from './call-settings.ts';
import type { NetworkStats } from './network-stats.ts';
import { NetworkWatch } from './network-watch.ts';
import { describeParticipant, type Participant, type ParticipantCounts, type Participants } from './participants.ts';
import type { Arrival } from './receive/received-glitches.ts';
import type { Renderers } from './receive/renderers.ts';
import { RoomNewsTeller } from './room-news.ts';
import type { SentGlitches } from './send/sent-glitches.ts';
import type { SubscriptionBook } from './subscriptions.ts';

export interface LiveCallOptions {
  readonly clock: Clock;
  readonly session: RoomSession;
  /** What the room's driver declares. */
  readonly capabilities: readonly RoomCapability[];
  readonly settings: CallSettings;
  readonly devices: CallDevices;
  readonly subscriptions: SubscriptionBook;
  readonly renderers: Renderers;
  readonly sent: SentGlitches;
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
  readonly capabilities: readonly RoomCapability[];
  readonly #options: LiveCallOptions;
  /** One voice per subscribed audio track, `participant id/track name`. */
  readonly #voices = new Map<string, RemoteVoice>();
  /** Those who were told as joined. */
  readonly #shown = new Set<string>();
  readonly #news: RoomNewsTeller;
  readonly #cancels: Cancel[] = [];
  readonly #network: NetworkWatch;

  constructor(options: LiveCallOptions) {
    this.session = options.session;
    this.capabilities = options.capabilities;
    this.#news = new RoomNewsTeller({
      events: options.events,
      onInputs: ({ by, inputs }) => {
        const requested = options.settings.askedInputs(inputs);
        if (requested !== undefined) options.events.emit('inputs-requested', { by, inputs: requested });
      },
    });
    this.#options = options;
    this.#network = new NetworkWatch({
      clock: options.clock,
      measure: () => this.#measure(),
      glitches: () => this.glitches,
      tell: (stats) => options.events.emit('network-stats-updated', stats),
    });
  }

  /** Subscribes and starts to tell; those who are here already are told as joined. */
  start(): void {
    const { session } = this;
    const { devices, events, renderers } = this.#options;
    this.#cancels.push(
      session.on('joined', (participant) => this.#joined(participant)),
      session.on('updated', (participant) => this.#updated(participant)),
      session.on('left', ({ participant, reason }) => this.#left(participant, reasons[reason])),
      session.on('audio', ({ participantId, name, samples, sampleRate, channels }) => {
        renderers.levels.take(participantId, name, samples);
        renderers.glitches.take(participantId, name, samples);
        renderers.audio.take(participantId, name, samples, sampleRate, channels);
        // Last: the array is the speakers' from here on.
        this.#voices.get(`${participantId}/${name}`)?.push(samples, sampleRate, channels);
      }),
      session.on('video', ({ participantId, name, picture }) => {
        renderers.glitches.show(participantId, name, picture);
        // Last: the picture is the renderers' from here on.
        renderers.video.take(participantId, name, picture, devices.load);
      }),
      renderers.video.follow((id, track, watched) => {
        session.watch(id, track, watched);
        if (!watched) renderers.glitches.arrival(id, track, 'paused');
      }),
      session.on('speaker', () => events.emit('active-speaker-changed', { participant: this.activeSpeaker })),
      session.on('connection', (change) => events.emit('network-connection', change)),
      session.on('news', (news) => this.#news.tell(news)),
      session.on('listeners', () => this.#options.onListeners()),
      session.on('lost', (error) => this.#options.onLost(error)),
      devices.load?.changes.add((load) => events.emit('cpu-load-updated', load)) ?? (() => {}),
      devices.measured?.(() => this.glitches) ?? (() => {}),
    );
    events.know(this.describe(session.local));
    this.#counts();
    for (const participant of [...session.participants.values()]) this.#joined(participant);
    for (const status of session.recordings) events.emit('recording-started', { status });
    for (const status of session.transcriptions) events.emit('transcription-started', { status });
    this.#news.waiting(session.waiting);
  }

  get participants(): Participants {
    const all: Record<string, Participant> = {};
    for (const participant of this.session.participants.values())
      if (isShown(participant)) all[participant.id] = this.describe(participant);
    return { ...all, local: this.describe(this.session.local) };
  }

  get counts(): ParticipantCounts {
    const { local, participants } = this.session;
    const all = [local, ...participants.values()];
    const present = all.filter(isShown).length;
    return { present, hidden: all.length - present };
  }

  get activeSpeaker(): Participant | null {
    const { activeSpeaker, local, participants } = this.session;
    const speaker = activeSpeaker === local.id ? local : participants.get(activeSpeaker ?? '');
    return speaker === undefined ? null : this.describe(speaker);
  }

  describe(participant: RoomParticipant): Participant {
    const { id } = participant;
    const { local } = this.session;
    return describeParticipant(participant, {
      receiver: id === local.id ? undefined : local.permissions,
      subscribed: (track) => this.#options.subscriptions.stateOf(id, track),
      state: (track) => this.session.trackState(id, track),
    });
  }

  /** Tells that somebody removed us. */
  removed(): void {
    this.#options.events.left({ participant: this.describe(this.session.local), leftReason: 'removed' });
  }

  /** As it was told last. */
  get lastNetworkStats(): NetworkStats | undefined {
    return this.#network.last;
  }

  networkStats(): Promise<NetworkStats> {
    return this.#network.stats();
  }

  /** Of what is sent and received, as far as it was measured. */
  get glitches(): readonly TrackGlitches[] {
    const { sent, renderers } = this.#options;
    return [...sent.list(this.session.local.id), ...renderers.glitches.list()];
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

  async #measure(): Promise<readonly RoomConnectionStats[]> {
    const connections = await this.session.stats();
    this.#options.renderers.glitches.measure(connections);
    return connections;
  }

  #joined(participant: RoomParticipant): void {
    if (isShown(participant)) this.#show(participant);
    this.#counts();
    this.#subscribe(participant);
  }

  #show(participant: RoomParticipant): void {
    this.#shown.add(participant.id);
    this.#options.events.joined({ participant: this.describe(participant) });
  }

  #updated(participant: RoomParticipant): void {
    const { local, participants } = this.session;
    const { id } = participant;
    if (id === local.id) {
      this.#tellUpdate(local);
      // What we may receive is part of what is told of the others.
      for (const other of [...participants.values()]) if (this.#shown.has(other.id)) this.#tellUpdate(other);
    } else {
      if (this.#shown.has(id) && !isShown(participant)) this.#left(participant, 'hidden');
      else if (!this.#shown.has(id) && isShown(participant)) this.#show(participant);
      this.#subscribe(participant);
      if (this.#shown.has(id)) this.#tellUpdate(participant);
    }
    this.#counts();
  }

  #tellUpdate(participant: RoomParticipant): void {
    this.#options.events.emit('participant-updated', { participant: this.describe(participant) });
  }

  #left(participant: RoomParticipant, leftReason: LeftReason): void {
    const { events, renderers } = this.#options;
    for (const key of this.#voices.keys()) if (key.startsWith(`${participant.id}/`)) this.#endVoice(key);
    renderers.end(participant.id, leftReason === 'connectionLost');
    if (this.#shown.delete(participant.id)) events.left({ participant: this.describe(participant), leftReason });
    this.#counts();
  }

  #subscribe({ id, tracks }: RoomParticipant): void {
    const { devices, renderers } = this.#options;
    const wanted = new Set<string>();
    for (const { name } of tracks) {
      const state = this.#options.subscriptions.stateOf(id, name);
      if (trackKind(name) === 'video')
        this.session.limitQuality(id, name, this.#options.subscriptions.maxQuality(id, name));
      this.session.subscribe(id, name, state);
      const arrival = arrivalOf(state, this.session.trackState(id, name));
      renderers.glitches.arrival(id, name, arrival);
      // What is interrupted is missing in the mix, not silent: its listeners see a gap.
      if (state === 'subscribed' && trackKind(name) === 'audio' && arrival !== 'interrupted')
        wanted.add(`${id}/${name}`);
    }
    for (const key of wanted)
      if (!this.#voices.has(key)) this.#voices.set(key, renderers.listeners.open(devices.speakers.open()));
    for (const key of this.#voices.keys()) if (key.startsWith(`${id}/`) && !wanted.has(key)) this.#endVoice(key);
  }

  #endVoice(key: string): void {
    this.#voices.get(key)?.close();
    this.#voices.delete(key);
  }

  #counts(): void {
    this.#options.events.emit('participant-counts-updated', this.counts);
  }
}

/** Whether media of a track, which may be wanted, comes. */
function arrivalOf(wanted: SubscriptionState, state: RemoteTrackState): Arrival {
  if (wanted !== 'subscribed' || state === 'off' || state === 'receivable') return 'paused';
  return state === 'interrupted' ? 'interrupted' : 'arrives';
}

function isShown({ permissions }: RoomParticipant): boolean {
  return permissions.hasPresence;
}

// The call of a page: the conversation with the room server, a peer connection to each of the others, devices, sound.
// Knows no element of the page but those that play sound.

import { maySend, type RoomInfo, trackKind } from '@sluice/protocol';
import type { CallState, CallView, InputKind, InputView, TrackView } from '../ui/call-view.ts';
import type { NoCall } from '../ui/words/closed-door.ts';
import { Asks } from './asks.ts';
import { Journal } from './journal.ts';
import { LocalMedia } from './local-media.ts';
import { Network } from './network.ts';
import type { Peer } from './peer.ts';
import { Room } from './room.ts';
import { Services } from './services.ts';
import { type SessionMessage, Signalling, type Welcome } from './signalling.ts';
import { Sound } from './sound.ts';

export interface PageCallOptions {
  /** Of the room, as programs join it. */
  readonly url: string;
  readonly token: string | undefined;
}

/** A call with a room of `startRoomServer`, held by this page. */
export class PageCall implements CallView {
  state: CallState;
  readonly #options: PageCallOptions;
  readonly #listeners = new Set<() => void>();
  readonly #media = new LocalMedia(() => this.#mediaChanged());
  readonly #sound = new Sound(() => this.#change());
  #journal = new Journal(() => this.#change());
  #services = new Services();
  #status: CallState['status'] = 'idle';
  #why: NoCall | undefined;
  #connected: CallState['signalling'] = 'connected';
  #name = '';
  #signalling: Signalling | undefined;
  #asks: Asks | undefined;
  #room: Room | undefined;
  #info: RoomInfo | undefined;
  #network: Network | undefined;
  #activeSpeaker: string | null = null;
  #announced = '';
  #pending = false;

  constructor(options: PageCallOptions) {
    this.#options = options;
    this.state = this.#describe();
    // A page that goes away says so, or it would stand in the room for some seconds.
    addEventListener('pagehide', () => this.leave());
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  setInput(kind: InputKind, on: boolean): Promise<void> {
    return this.#media.set(kind, on);
  }

  level(): number {
    return this.#media.level();
  }

  join(name: string): void {
    if (this.#signalling !== undefined) return;
    if (typeof RTCPeerConnection === 'undefined') return this.#closed('no-webrtc');
    this.#name = name;
    this.#status = 'joining';
    this.#why = undefined;
    const signalling = new Signalling(this.#options.url, {
      introduction: () => this.#introduction(),
      welcome: (welcome, again) => this.#welcomed(welcome, again),
      waiting: () => this.#setStatus('waiting'),
      message: (message) => this.#take(message),
      state: (state) => {
        this.#connected = state;
        this.#change();
      },
      // Nobody is changed by it, and there is an answer in any case.
      probe: () => void this.#asks?.ask({ ask: 'update-participants', updates: {} }),
      closed: (why) => this.#closed(why),
    });
    this.#signalling = signalling;
    this.#asks = new Asks((message) => signalling.send(message));
    this.#change();
  }

  leave(): void {
    if (this.#signalling === undefined) return;
    this.#signalling.leave();
    this.#end();
    this.#setStatus('left');
  }

  setVolume(participantId: string, track: string, volume: number): void {
    this.#sound.set(keyOf(participantId, track), { volume });
    this.#change();
  }

  setMuted(participantId: string, track: string, muted: boolean): void {
    this.#sound.set(keyOf(participantId, track), { muted });
    this.#change();
  }

  sendChat(text: string): void {
    const room = this.#room;
    if (room === undefined) return;
    void this.#asks?.ask({ ask: 'chat', text }).then((grant) => {
      if (grant === undefined) return;
      this.#journal.wrote({ from: room.me.id, name: room.me.userName, text, at: Date.now() });
      this.#change();
    });
  }

  muteRemote(participantId: string): void {
    const updates = { [participantId]: { inputsEnabled: { microphone: false } } };
    void this.#asks?.ask({ ask: 'update-participants', updates });
  }

  remove(participantId: string): void {
    void this.#asks?.ask({ ask: 'eject', ids: [participantId] });
  }

  admit(participantId: string, admit: boolean): void {
    void this.#asks?.ask({ ask: 'admit', ids: [participantId], admit });
  }

  record(on: boolean): void {
    void this.#asks?.ask(on ? { ask: 'start-recording' } : { ask: 'stop-recording' });
  }

  transcribe(on: boolean): void {
    void this.#asks?.ask(on ? { ask: 'start-transcription' } : { ask: 'stop-transcription' });
  }

  playSound(): void {
    this.#sound.unblock();
  }

  #introduction() {
    const { token } = this.#options;
    return { userName: this.#name, tracks: this.#announcement(), ...(token === undefined ? {} : { token }) };
  }

  #welcomed(welcome: Welcome, again: boolean): void {
    this.#info = welcome.room;
    this.#services.welcomed(welcome);
    this.#activeSpeaker = welcome.activeSpeaker;
    if (again) {
      this.#asks?.end();
      this.#room?.welcomedAgain(welcome);
    } else this.#enter(welcome);
    this.#announced = JSON.stringify(this.#announcement());
    this.#setStatus('joined');
  }

  #enter(welcome: Welcome): void {
    const signalling = this.#signalling!;
    const media = this.#media;
    const context = {
      localId: welcome.id,
      get localTracks() {
        return media.tracks;
      },
      send: (to: string, body: Parameters<Peer['receive']>[0]) => signalling.send({ type: 'relay', to, body }),
      changed: () => this.#change(),
    };
    const room = new Room(welcome, context, (ids) => signalling.send({ type: 'alive', ids }));
    this.#room = room;
    this.#network = new Network(
      () => room.peers,
      () => this.#change(),
      (levels) => signalling.send({ type: 'levels', levels }),
    );
  }

  #take(message: SessionMessage): void {
    const room = this.#room;
    if (room === undefined) return;
    switch (message.type) {
      case 'granted':
      case 'denied':
        return this.#asks?.answered(message);
      case 'active-speaker':
        this.#activeSpeaker = message.id;
        break;
      case 'chat':
        this.#journal.wrote({
          from: message.from,
          name: message.userName,
          text: message.text,
          at: Date.parse(message.at),
        });
        break;
      case 'transcription-message':
        this.#journal.said(message.message, room.nameOf(message.message.participantId));
        break;
      case 'inputs-asked':
        this.#mutedBySomebody(message.inputs);
        break;
      default:
        if (!room.take(message)) this.#services.take(message);
    }
    this.#change();
  }

  /** Off at once; on only by the person's own hand. */
  #mutedBySomebody(inputs: {
    readonly microphone?: boolean;
    readonly camera?: boolean;
    readonly screenShare?: boolean;
  }) {
    if (inputs.microphone === false) void this.#media.set('microphone', false);
    if (inputs.camera === false) void this.#media.set('camera', false);
    if (inputs.screenShare === false) void this.#media.set('screen', false);
  }

  #mediaChanged(): void {
    const tracks = this.#announcement();
    const announced = JSON.stringify(tracks);
    if (this.#room !== undefined && announced !== this.#announced) {
      this.#announced = announced;
      this.#signalling?.send({ type: 'update', tracks });
    }
    this.#room?.applySending();
    this.#change();
  }

  #announcement() {
    return [...this.#media.tracks].map(([name, track]) => ({
      name,
      enabled: track !== null,
      // A picture that does not change may pause.
      continuous: track !== null && trackKind(name) === 'audio',
      ignoreLevel: false,
    }));
  }

  #closed(why: NoCall): void {
    this.#why = why;
    this.#end();
    this.#setStatus('closed');
  }

  /** Devices stay as they are, for another try; what belongs to the call is given back. */
  #end(): void {
    if (this.#status === 'joined') this.#media.close();
    this.#asks?.end();
    this.#network?.close();
    this.#room?.close();
    this.#journal.close();
    this.#sound.play(new Map());
    this.#signalling = undefined;
    this.#room = undefined;
    this.#network = undefined;
    this.#connected = 'connected';
    this.#journal = new Journal(() => this.#change());
    this.#services = new Services();
  }

  #setStatus(status: CallState['status']): void {
    this.#status = status;
    this.#change();
  }

  /** Many changes of one moment are told once. */
  #change(): void {
    if (this.#pending) return;
    this.#pending = true;
    queueMicrotask(() => {
      this.#pending = false;
      this.#sound.play(this.#heard());
      this.state = this.#describe();
      for (const listener of [...this.#listeners]) listener();
    });
  }

  #heard(): ReadonlyMap<string, MediaStreamTrack> {
    const heard = new Map<string, MediaStreamTrack>();
    for (const peer of this.#room?.peers ?? [])
      for (const { name, enabled } of peer.info.tracks) {
        const track = peer.track(name);
        if (enabled && track !== undefined && trackKind(name) === 'audio') heard.set(keyOf(peer.info.id, name), track);
      }
    return heard;
  }

  #describe(): CallState {
    const room = this.#room;
    const permissions = room?.me.permissions;
    const info = this.#info;
    const admin = (kind: 'participants' | 'streaming' | 'transcription') =>
      permissions?.canAdmin.includes(kind) === true;
    const others = [...(room?.peers ?? [])].filter((peer) => peer.info.permissions.hasPresence);
    return {
      status: this.#status,
      why: this.#why,
      signalling: this.#connected,
      me: {
        id: room?.me.id ?? '',
        name: room?.me.userName ?? this.#name,
        isOwner: room?.me.isOwner ?? false,
      },
      microphone: this.#input('microphone', 'microphone'),
      camera: this.#input('camera', 'camera'),
      screen: this.#input('screen', 'screenVideo'),
      others: others.map((peer) => this.#participant(peer)),
      activeSpeaker: this.#activeSpeaker,
      network: this.#network?.worst ?? 'good',
      chat: this.#journal.chat,
      captions: this.#journal.captions,
      recording: this.#services.recording,
      transcribing: this.#services.transcribing,
      waiting: this.#services.waiting.map(({ id, userName }) => ({ id, name: userName })),
      may: {
        control: admin('participants'),
        record: admin('streaming') && info?.recording === true,
        transcribe: admin('transcription') && info?.transcription === true,
        chat: info?.chat === true,
      },
      soundBlocked: this.#sound.blocked,
    };
  }

  #input(kind: InputKind, track: string): InputView {
    const { on, track: source, fault } = this.#media.get(kind);
    const permissions = this.#room?.me.permissions;
    return { on, track: source, fault, allowed: permissions === undefined || maySend(permissions, track) };
  }

  #participant(peer: Peer): CallState['others'][number] {
    const { id, userName, isOwner, tracks } = peer.info;
    return {
      id,
      name: userName,
      isOwner,
      tracks: tracks.map(({ name }) => this.#track(peer, name)),
      network: this.#network?.of(id) ?? 'good',
    };
  }

  #track(peer: Peer, name: string): TrackView {
    const state = peer.trackState(name);
    const track = state === 'playable' ? peer.track(name) : undefined;
    return { name, kind: trackKind(name), state, track, ...this.#sound.loudness(keyOf(peer.info.id, name)) };
  }
}

function keyOf(participantId: string, track: string): string {
  return `${participantId}/${track}`;
}

// The call of a page: the conversation with the room server, a peer connection to each of the others, devices, sound.
// Knows no element of the page but those that play sound.

import { asLine, type RoomInfo } from '@sluice/protocol';
import type { CallState, CallView, DeviceKind, InputKind } from '../ui/call-view.ts';
import type { NoCall } from '../ui/words/closed-door.ts';
import { Asks } from './asks.ts';
import { callState } from './call-state.ts';
import { captionOf } from './caption-message.ts';
import { type Beginning, Equipment } from './equipment.ts';
import { Journal } from './journal.ts';
import { Network } from './network.ts';
import { heard, soundKey } from './participant-view.ts';
import type { Peer } from './peer.ts';
import { Room } from './room.ts';
import { allowedTracks, allowsInput, announcement, type OwnTracks } from './sending.ts';
import { Services } from './services.ts';
import { type SessionMessage, Signalling, type Welcome } from './signalling.ts';
import { Sound } from './sound.ts';

const inputKinds: readonly InputKind[] = ['microphone', 'camera', 'screen'];

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
  readonly #sound = new Sound(() => this.#change());
  readonly #equipment = new Equipment(this.#sound, {
    mediaChanged: () => this.#mediaChanged(),
    choiceChanged: () => this.#change(),
  });
  readonly #media = this.#equipment.media;
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
  /** The tracks that the server was told of on joining, and last. */
  #introduced = '';
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

  preview(wishes: Beginning): void {
    this.#equipment.preview(wishes);
  }

  async setInput(kind: InputKind, on: boolean): Promise<void> {
    if (!on || allowsInput(this.#room?.me.permissions, kind)) await this.#equipment.setByHand(kind, on);
  }

  choose(kind: DeviceKind, id: string): Promise<void> {
    return this.#equipment.choose(kind, id);
  }

  level(): number {
    return this.#media.level();
  }

  join(name: string): void {
    if (this.#signalling !== undefined) return;
    if (typeof RTCPeerConnection === 'undefined') return this.#closed('no-webrtc');
    this.#name = asLine(name);
    this.#status = 'joining';
    this.#why = undefined;
    const signalling = new Signalling(this.#options.url, {
      introduction: () => this.#introduction(),
      welcome: (welcome, again) => this.#welcomed(welcome, again),
      waiting: () => this.#setStatus('waiting'),
      message: (message) => this.#take(message),
      state: (state) => {
        this.#connected = state;
        if (state === 'connected') this.#room?.retry();
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
    this.#sound.set(soundKey(participantId, track), { volume });
    this.#change();
  }

  setMuted(participantId: string, track: string, muted: boolean): void {
    this.#sound.set(soundKey(participantId, track), { muted });
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
    const tracks = announcement(this.#tracks);
    this.#introduced = JSON.stringify(tracks);
    return { userName: this.#name, tracks, ...(token === undefined ? {} : { token }) };
  }

  #welcomed(welcome: Welcome, again: boolean): void {
    this.#info = welcome.room;
    this.#services.welcomed(welcome);
    this.#activeSpeaker = welcome.activeSpeaker;
    if (again) {
      this.#asks?.end();
      this.#room?.welcomedAgain(welcome);
    } else {
      this.#equipment.begin(welcome.room);
      this.#enter(welcome);
    }
    // What changed since we introduced ourselves is told now.
    this.#announced = this.#introduced;
    this.#obey();
    this.#setStatus('joined');
  }

  #enter(welcome: Welcome): void {
    const signalling = this.#signalling!;
    const context = {
      localId: welcome.id,
      local: () => this.#room?.me ?? welcome.you,
      localTracks: () => this.#tracks,
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
      case 'app-message': {
        const caption = captionOf(message.data);
        if (caption === undefined) return;
        this.#journal.said({ participantId: message.from, ...caption }, room.nameOf(message.from));
        break;
      }
      case 'transcription-message':
        this.#journal.said(message.message, room.nameOf(message.message.participantId));
        break;
      case 'inputs-asked':
        this.#mutedBySomebody(message.inputs);
        break;
      default:
        if (!room.take(message)) this.#services.take(message);
        else if (message.type === 'participant-updated' && message.participant.id === room.me.id) this.#obey();
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

  /** What the room does not let us send goes off, the light of the camera too. */
  #obey(): void {
    for (const kind of inputKinds)
      if (this.#media.get(kind).on && !allowsInput(this.#room?.me.permissions, kind)) void this.#media.set(kind, false);
    this.#mediaChanged();
  }

  /** What we may send. */
  get #tracks(): OwnTracks {
    return allowedTracks(this.#room?.me.permissions, this.#media.tracks);
  }

  #mediaChanged(): void {
    const tracks = announcement(this.#tracks);
    const announced = JSON.stringify(tracks);
    if (this.#room !== undefined && announced !== this.#announced) {
      this.#announced = announced;
      this.#signalling?.send({ type: 'update', tracks });
    }
    this.#room?.applySending();
    this.#change();
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
      this.#sound.play(heard(this.#room?.peers ?? []));
      this.state = this.#describe();
      for (const listener of [...this.#listeners]) listener();
    });
  }

  #describe(): CallState {
    return callState({
      status: this.#status,
      why: this.#why,
      signalling: this.#connected,
      activeSpeaker: this.#activeSpeaker,
      name: this.#name,
      equipment: this.#equipment,
      sound: this.#sound,
      journal: this.#journal,
      services: this.#services,
      room: this.#room,
      info: this.#info,
      network: this.#network,
    });
  }
}

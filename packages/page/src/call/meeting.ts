import { asLine, type Permissions, type RoomInfo } from '@sluice/protocol';
import type { CallState } from '../ui/call-view.ts';
import type { NoCall } from '../ui/words/closed-door.ts';
import { Asks } from './asks.ts';
import { captionOf } from './caption-message.ts';
import { Journal } from './journal.ts';
import { Network } from './network.ts';
import { Room } from './room.ts';
import { allowedTracks, announcement, type OwnTracks } from './sending.ts';
import { Services } from './services.ts';
import { type SessionMessage, Signalling, type Welcome } from './signalling.ts';

export type AskedInputs = Extract<SessionMessage, { readonly type: 'inputs-asked' }>['inputs'];

export interface MeetingOptions {
  /** Of the room, as programs join it. */
  readonly url: string;
  readonly token: string | undefined;
  readonly name: string;
  /** What of ours is on, whether the room lets us send it or not. */
  readonly tracks: () => OwnTracks;
}

export interface MeetingHandlers {
  /** Something that the page shows is another. */
  readonly changed: () => void;
  /** A person decides whether we come in. */
  readonly waiting: () => void;
  /** Let in for the first time; the others learn of our tracks after it. */
  readonly begun: (info: RoomInfo) => void;
  /** In the room, for the first time or again after the server had forgotten us. */
  readonly joined: () => void;
  /** What the room lets us send may be another. */
  readonly permitted: () => void;
  readonly inputsAsked: (inputs: AskedInputs) => void;
  /** Over without our leaving. */
  readonly closed: (why: NoCall) => void;
}

/** One stay in a room, from the wish to join until its end. */
export class Meeting {
  readonly services = new Services();
  readonly journal: Journal;
  readonly asks: Asks;
  room: Room | undefined;
  info: RoomInfo | undefined;
  network: Network | undefined;
  activeSpeaker: string | null = null;
  connected: CallState['signalling'] = 'connected';
  readonly #options: MeetingOptions;
  readonly #handlers: MeetingHandlers;
  readonly #signalling: Signalling;
  /** The tracks that the server was told of on joining, and last. */
  #introduced = '';
  #announced = '';

  constructor(options: MeetingOptions, handlers: MeetingHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.journal = new Journal(handlers.changed);
    this.#signalling = new Signalling(options.url, {
      introduction: () => this.#introduction(),
      welcome: (welcome, again) => this.#welcomed(welcome, again),
      waiting: handlers.waiting,
      message: (message) => this.#take(message),
      state: (state) => {
        this.connected = state;
        if (state === 'connected') this.room?.retry();
        handlers.changed();
      },
      // Nobody is changed by it, and there is an answer in any case.
      probe: () => void this.asks.ask({ ask: 'update-participants', updates: {} }),
      closed: handlers.closed,
    });
    this.asks = new Asks((message) => this.#signalling.send(message));
  }

  get permissions(): Permissions | undefined {
    return this.room?.me.permissions;
  }

  /** Tells the others of our tracks where those are others than before, and sends what we may. */
  tracksChanged(): void {
    const tracks = announcement(this.#tracks);
    const announced = JSON.stringify(tracks);
    if (this.room !== undefined && announced !== this.#announced) {
      this.#announced = announced;
      this.#signalling.send({ type: 'update', tracks });
    }
    this.room?.applySending();
  }

  /** Stands in our own journal once the room has taken it, without what has no place in a line: the server would close the socket. */
  async chat(said: string): Promise<void> {
    const { room } = this;
    const text = asLine(said);
    if (room === undefined || text === '' || (await this.asks.ask({ ask: 'chat', text })) === undefined) return;
    this.journal.wrote({ from: room.me.id, name: room.me.userName, text, at: Date.now() });
    this.#handlers.changed();
  }

  leave(): void {
    this.#signalling.leave();
  }

  /** Gives back what belongs to it. */
  close(): void {
    this.asks.end();
    this.network?.close();
    this.room?.close();
    this.journal.close();
  }

  get #tracks(): OwnTracks {
    return allowedTracks(this.permissions, this.#options.tracks());
  }

  #introduction() {
    const { token, name } = this.#options;
    const tracks = announcement(this.#tracks);
    this.#introduced = JSON.stringify(tracks);
    return { userName: name, tracks, ...(token === undefined ? {} : { token }) };
  }

  #welcomed(welcome: Welcome, again: boolean): void {
    this.info = welcome.room;
    this.services.welcomed(welcome);
    this.activeSpeaker = welcome.activeSpeaker;
    if (again) {
      this.asks.end();
      this.room?.welcomedAgain(welcome);
    } else {
      this.#handlers.begun(welcome.room);
      this.#enter(welcome);
    }
    // What changed since we introduced ourselves is told now.
    this.#announced = this.#introduced;
    this.#handlers.permitted();
    this.#handlers.joined();
  }

  #enter(welcome: Welcome): void {
    const signalling = this.#signalling;
    const room = new Room(
      welcome,
      {
        localId: welcome.id,
        local: () => this.room?.me ?? welcome.you,
        localTracks: () => this.#tracks,
        send: (to, body) => signalling.send({ type: 'relay', to, body }),
        changed: this.#handlers.changed,
      },
      (ids) => signalling.send({ type: 'alive', ids }),
    );
    this.room = room;
    this.network = new Network(
      () => room.peers,
      this.#handlers.changed,
      (levels) => signalling.send({ type: 'levels', levels }),
    );
  }

  #take(message: SessionMessage): void {
    if (message.type === 'granted' || message.type === 'denied') return this.asks.answered(message);
    const room = this.room;
    if (room === undefined || !this.#told(room, message)) return;
    this.#handlers.changed();
  }

  /** Returns whether it was meant for us. */
  #told(room: Room, message: SessionMessage): boolean {
    switch (message.type) {
      case 'active-speaker':
        this.activeSpeaker = message.id;
        return true;
      case 'chat': {
        const { from, userName: name, text, at } = message;
        this.journal.wrote({ from, name, text, at: Date.parse(at) });
        return true;
      }
      case 'app-message': {
        const caption = captionOf(message.data);
        if (caption === undefined) return false;
        this.journal.said({ participantId: message.from, ...caption }, room.nameOf(message.from));
        return true;
      }
      case 'transcription-message':
        this.journal.said(message.message, room.nameOf(message.message.participantId));
        return true;
      case 'inputs-asked':
        this.#handlers.inputsAsked(message.inputs);
        return true;
      default:
        if (!room.take(message)) this.services.take(message);
        else if (message.type === 'participant-updated' && message.participant.id === room.me.id)
          this.#handlers.permitted();
        return true;
    }
  }
}

import { limits, NewcomerGate, type RoomParticipantInfo } from '@sluice/protocol';
import { pageTimers } from './page-timers.ts';
import { Peer, type PeerContext } from './peer.ts';
import type { SessionMessage, Welcome } from './signalling.ts';

/** How often the server is told who is still heard although their socket is gone, and how long those are waited for whom it forgot. Milliseconds. */
const ALIVE_MS = 500;
const MISSING_MS = 10_000;

/** Participants that are met: those who are shown and those who are not. */
const MOST = limits.participants + limits.hidden;

/** Who is in the room: ourselves as the server sees us, and a peer for each of the others, hidden ones among them. */
export class Room {
  me: RoomParticipantInfo;
  readonly #context: PeerContext;
  readonly #peers = new Map<string, Peer>();
  readonly #newcomers = new NewcomerGate(pageTimers);
  /** Those whose socket is gone. */
  readonly #detached = new Set<string>();
  readonly #alive: (ids: string[]) => void;
  readonly #timer: number;
  #missing = 0;

  constructor(welcome: Welcome, context: PeerContext, alive: (ids: string[]) => void) {
    this.me = welcome.you;
    this.#context = context;
    this.#alive = alive;
    for (const info of welcome.participants) this.#add(info);
    this.#timer = window.setInterval(() => this.#tellAlive(), ALIVE_MS);
  }

  get peers(): Iterable<Peer> {
    return this.#peers.values();
  }

  peer(id: string): Peer | undefined {
    return this.#peers.get(id);
  }

  /** The name of somebody, also of ourselves. */
  nameOf(id: string): string {
    return id === this.me.id ? this.me.userName : (this.#peers.get(id)?.info.userName ?? '');
  }

  /** The server was restarted: those whom it does not know yet may come back, and their media never left. */
  welcomedAgain(welcome: Welcome): void {
    this.me = welcome.you;
    const known = new Set(welcome.participants.map(({ id }) => id));
    const missing = [...this.#peers.keys()].filter((id) => !known.has(id));
    for (const info of welcome.participants) this.#arrived(info);
    clearTimeout(this.#missing);
    this.#missing = window.setTimeout(() => {
      for (const id of missing) if (this.#peers.get(id)?.alive === false) this.#left(id);
    }, MISSING_MS);
  }

  /** Returns whether it was about participants. */
  take(message: SessionMessage): boolean {
    switch (message.type) {
      case 'participant-joined':
        this.#arrived(message.participant);
        return true;
      case 'participant-updated':
        if (message.participant.id === this.me.id) {
          this.me = message.participant;
          this.applySending();
          for (const peer of this.#peers.values()) peer.receivingChanged();
        } else this.#peers.get(message.participant.id)?.update(message.participant);
        return true;
      case 'participant-left':
        this.#left(message.id);
        return true;
      case 'participant-detached':
        if (message.detached) this.#detached.add(message.id);
        else this.#detached.delete(message.id);
        return true;
      case 'relay': {
        const peer = this.#peers.get(message.from);
        if (peer !== undefined) this.#newcomers.receive(peer, message.body);
        return true;
      }
      default:
        return false;
    }
  }

  /** The socket to the server is back. */
  retry(): void {
    for (const peer of this.#peers.values()) peer.retry();
  }

  /** Our tracks changed, or what we may send. */
  applySending(): void {
    for (const peer of this.#peers.values()) peer.applySending();
  }

  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#missing);
    this.#newcomers.close();
    for (const peer of this.#peers.values()) peer.close();
    this.#peers.clear();
  }

  #add(info: RoomParticipantInfo): void {
    this.#peers.set(info.id, new Peer(info, this.#context));
  }

  #arrived(info: RoomParticipantInfo): void {
    const known = this.#peers.get(info.id);
    // No server has more participants than a room takes.
    if (known === undefined) return this.#peers.size < MOST ? this.#add(info) : undefined;
    known.update(info);
    known.refresh();
  }

  #left(id: string): void {
    const peer = this.#peers.get(id);
    if (peer !== undefined) this.#newcomers.forget(peer);
    peer?.close();
    this.#peers.delete(id);
    this.#detached.delete(id);
  }

  #tellAlive(): void {
    const ids = [...this.#detached].filter((id) => this.#peers.get(id)?.alive === true);
    if (ids.length > 0) this.#alive(ids);
  }
}

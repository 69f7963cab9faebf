import { SluiceError } from '@sluice/core';
import {
  bodyFault,
  limits,
  NewcomerGate,
  type PeerBody,
  type RoomParticipantInfo,
  type VideoQuality,
} from '@sluice/protocol';
import type { TransportErrorCode } from '../../errors.ts';
import type {
  RemoteTrackState,
  RoomConnectionStats,
  RoomParticipant,
  RoomSessionEvents,
  SubscriptionState,
} from '../driver.ts';
import { Absentees } from './absentees.ts';
import { clockTimers } from './clock-timers.ts';
import { Peer } from './peer.ts';
import type { PeerContext } from './peer-context.ts';
import { RelayFaults } from './relay-faults.ts';
import { SessionWishes } from './session-wishes.ts';

/** Participants that are met: those who are shown and those who are not. */
const MOST = limits.participants + limits.hidden;

export interface PeersOptions {
  readonly context: Omit<PeerContext<Peer>, 'onTrackState' | 'onConnection' | 'relayFaults'>;
  readonly onConnection: (id: string, state: 'interrupted' | 'connected') => void;
  readonly emit: <K extends 'joined' | 'updated' | 'left' | 'listeners'>(event: K, data: RoomSessionEvents[K]) => void;
  /** Tells the server who is there although it has no socket. */
  readonly alive: (ids: string[]) => void;
  readonly onGone: (id: string) => void;
}

/** The others of a room: who is there, what is wanted of each, and the connections to them. */
export class Peers {
  readonly #options: PeersOptions;
  readonly #context: PeerContext<Peer>;
  readonly #peers = new Map<string, Peer>();
  readonly #participants = new Map<string, RoomParticipant>();
  readonly #wishes = new SessionWishes();
  readonly #absentees: Absentees;
  readonly #newcomers: NewcomerGate;
  #overfull = false;
  /** Participants to whom something could not be said, which is told once of each. */
  readonly #unsaid = new WeakSet<Peer>();

  constructor(options: PeersOptions) {
    this.#options = options;
    this.#context = {
      ...options.context,
      send: (to, body) => this.#send(to, body),
      relayFaults: new RelayFaults(options.context.report),
      onTrackState: (peer) => this.#changed(peer),
      onConnection: (peer, state) => {
        options.onConnection(peer.info.id, state);
        this.#changed(peer);
      },
    };
    this.#newcomers = new NewcomerGate(clockTimers(options.context.clock));
    this.#absentees = new Absentees({
      clock: options.context.clock,
      peers: this.#peers,
      alive: options.alive,
      lost: (id) => this.left(id, 'lost'),
    });
  }

  get participants(): ReadonlyMap<string, RoomParticipant> {
    return this.#participants;
  }

  /** Somebody who was there before us, so nobody is told. */
  add(info: RoomParticipantInfo): void {
    const peer = new Peer(info, this.#context);
    this.#peers.set(info.id, peer);
    this.#participants.set(info.id, info);
    this.#wishes.tell(peer);
  }

  arrived(info: RoomParticipantInfo): void {
    const known = this.#peers.get(info.id);
    if (known === undefined) {
      if (!this.#hasRoom()) return;
      this.add(info);
      this.#options.emit('listeners', undefined);
      this.#options.emit('joined', info);
    } else {
      // It was here before the server was restarted, and so was its media.
      known.detached = false;
      known.missing = false;
      known.refresh();
      this.updated(info);
      this.#absentees.returned();
    }
  }

  updated(info: RoomParticipantInfo): void {
    const peer = this.#peers.get(info.id);
    if (peer === undefined) return;
    peer.update(info);
    this.#changed(peer);
  }

  left(id: string, reason: RoomSessionEvents['left']['reason']): void {
    const peer = this.#peers.get(id);
    if (peer === undefined) return;
    this.#peers.delete(id);
    this.#participants.delete(id);
    this.#wishes.forget(id);
    this.#options.onGone(id);
    this.#newcomers.forget(peer);
    peer.close();
    this.#absentees.returned();
    this.#options.emit('listeners', undefined);
    this.#options.emit('left', { participant: peer.info, reason });
  }

  detached(id: string, detached: boolean): void {
    this.#absentees.detached(id, detached);
  }

  receive(id: string, body: PeerBody): void {
    const peer = this.#peers.get(id);
    if (peer !== undefined) this.#newcomers.receive(peer, body);
  }

  /** The server knows nobody any more. `settled` is called when all are back or a moment has passed. */
  serverForgot(settled: () => void): void {
    this.#absentees.serverForgot(settled);
  }

  /** Calls `settled` where nobody is missing. */
  settleIfAllBack(): void {
    this.#absentees.returned();
  }

  subscribe(id: string, name: string, state: SubscriptionState): void {
    this.#wishes.subscribe(id, name, state);
    const peer = this.#peers.get(id);
    if (peer?.wish(name, state) === true) this.#changed(peer);
  }

  limitQuality(id: string, name: string, maxQuality: VideoQuality): void {
    this.#wishes.limit(id, name, maxQuality);
    this.#peers.get(id)?.limitQuality(name, maxQuality);
  }

  watch(id: string, name: string, watched: boolean): void {
    this.#wishes.watch(id, name, watched);
    this.#peers.get(id)?.watch(name, watched);
  }

  trackListeners(name: string): 'alone' | 'connecting' | 'heard' {
    let connecting = false;
    for (const peer of this.#peers.values()) {
      const listens = peer.listens(name);
      if (listens === 'heard') return 'heard';
      connecting ||= listens === 'connecting';
    }
    return connecting ? 'connecting' : 'alone';
  }

  trackState(id: string, name: string): RemoteTrackState {
    return this.#peers.get(id)?.trackState(name) ?? 'off';
  }

  /** Our tracks, the sources behind them, or what we may send changed. */
  localTracksChanged(removed?: string): void {
    for (const peer of this.#peers.values()) peer.localTracksChanged(removed);
  }

  /** What we may receive changed. */
  receivingChanged(): void {
    for (const peer of this.#peers.values()) peer.receivingChanged();
  }

  /** Says everything again that the server may have lost. */
  refresh(): void {
    for (const peer of this.#peers.values()) peer.refresh();
  }

  /** The socket to the server is back, so perhaps the network is another one. */
  retry(): void {
    for (const peer of this.#peers.values()) peer.retry();
  }

  iceChanged(): void {
    for (const peer of this.#peers.values()) peer.iceChanged();
  }

  /** Our engine died. */
  rebuild(): void {
    for (const peer of this.#peers.values()) peer.rebuild();
  }

  async stats(): Promise<readonly RoomConnectionStats[]> {
    const all = await Promise.all([...this.#peers].map(([id, peer]) => statsOf(id, peer)));
    return all.filter((one) => one !== undefined);
  }

  close(): void {
    this.#absentees.close();
    this.#newcomers.close();
    for (const peer of this.#peers.values()) peer.close();
    this.#peers.clear();
  }

  /** What the server would refuse, and end our call for, is not said: odd offers make odd answers. */
  #send(to: string, body: PeerBody): void {
    const fault = bodyFault(body);
    if (fault === undefined) return this.#options.context.send(to, body);
    const peer = this.#peers.get(to);
    if (peer === undefined || this.#unsaid.has(peer)) return;
    this.#unsaid.add(peer);
    this.#context.report(
      new SluiceError('SLUICE_ROOM_PROTOCOL' satisfies TransportErrorCode, `nothing can be agreed with ${to}`, {
        expected: `a ${body.kind} that a server passes on`,
        received: fault,
        fix: 'Have both sides announce fewer tracks; if it announces few, it is hostile',
      }),
    );
  }

  /** No server has more participants than a room takes: who is announced beyond them is not met. */
  #hasRoom(): boolean {
    if (this.#peers.size < MOST) return true;
    if (!this.#overfull)
      this.#context.report(
        new SluiceError(
          'SLUICE_ROOM_PROTOCOL' satisfies TransportErrorCode,
          'the server announces more participants than a room takes; the rest is not met',
          { expected: `at most ${MOST}`, received: MOST + 1, fix: 'Join another server, or update both sides' },
        ),
      );
    this.#overfull = true;
    return false;
  }

  #changed(peer: Peer): void {
    if (this.#peers.get(peer.info.id) !== peer) return;
    this.#participants.set(peer.info.id, peer.info);
    this.#options.emit('updated', peer.info);
  }
}

async function statsOf(participantId: string, peer: Peer): Promise<RoomConnectionStats | undefined> {
  const stats = await peer.stats();
  return stats && { ...stats, audio: stats.audio.map((one) => ({ ...one, participantId })) };
}

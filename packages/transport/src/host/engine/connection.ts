import { type Cancel, type Clock, toError } from '@sluice/core';
import { hostClosed, negotiationFailed } from '../host-errors.ts';
import { Listeners } from '../listeners.ts';
import type {
  AudioSendSettings,
  HostAudioSource,
  HostConnection,
  HostConnectionEvents,
  HostConnectionOptions,
  HostConnectionStats,
  HostIceCandidate,
  HostSessionDescription,
  TrackDescription,
} from '../media-host.ts';
import { EngineAudioSource } from './audio-source.ts';
import { allowsCandidate } from './candidate-filter.ts';
import { connectionStats } from './connection-stats.ts';
import { encoderParameters, type LocalTrack, planTracks, sendsStereo } from './local-tracks.ts';
import { ReceivedTrack } from './received-track.ts';
import { audioSections, rewrite } from './session-description.ts';
import type { Description, PeerConnection, Transceiver, Wrtc } from './wrtc.ts';

/** How often received packets are counted, in milliseconds. */
const PACKETS_EVERY_MS = 250;

type Events = { [K in keyof HostConnectionEvents]: Listeners<HostConnectionEvents[K]> };

/** A peer connection of the engine. Steps of negotiation are carried out one after the other, in the order of calls. */
export class EngineConnection implements HostConnection {
  readonly id: number;
  readonly #wrtc: Wrtc;
  readonly #clock: Clock;
  readonly #options: HostConnectionOptions;
  readonly #pc: PeerConnection;
  readonly #onClose: () => void;
  readonly #locals = new Map<string, LocalTrack>();
  readonly #remotes = new Map<string, ReceivedTrack>();
  readonly #wanted = new Set<string>();
  readonly #early: HostIceCandidate[] = [];
  readonly #events: Events = {
    candidate: new Listeners(),
    state: new Listeners(),
    track: new Listeners(),
    audio: new Listeners(),
    packets: new Listeners(),
  };
  /** Media ids on which the far side sends two channels. */
  #remoteStereo = new Set<string>();
  #steps: Promise<unknown> = Promise.resolve();
  #received = 0;
  #cancelPackets: Cancel | undefined;
  #closed = false;

  constructor(id: number, options: HostConnectionOptions, wrtc: Wrtc, clock: Clock, onClose: () => void) {
    this.id = id;
    this.#options = options;
    this.#wrtc = wrtc;
    this.#clock = clock;
    this.#onClose = onClose;
    this.#pc = new wrtc.RTCPeerConnection({ iceServers: options.iceServers ?? [], bundlePolicy: 'max-bundle' });
    this.#pc.onicecandidate = ({ candidate }) => {
      if (candidate === null || !allowsCandidate(options.candidates, candidate.candidate)) return;
      const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
      const fragment = usernameFragment == null ? {} : { usernameFragment };
      this.#events.candidate.emit({ candidate: candidate.candidate, sdpMid, sdpMLineIndex, ...fragment });
    };
    this.#pc.onconnectionstatechange = () => {
      if (!this.#closed) this.#events.state.emit(this.#pc.connectionState);
    };
  }

  addTrack(name: string, source: HostAudioSource, settings: AudioSendSettings = {}): void {
    this.#checkOpen();
    this.removeTrack(name);
    const engineSource = asEngineSource(source);
    const track = engineSource.createTrack();
    this.#locals.set(name, { name, source: engineSource, track, settings, transceiver: undefined, planned: undefined });
  }

  replaceTrack(name: string, source: HostAudioSource | null): void {
    const local = this.#locals.get(name);
    if (local === undefined) throw hostClosed(`track ${name}`);
    local.track?.stop();
    local.source = source === null ? null : asEngineSource(source);
    local.track = local.source === null ? null : local.source.createTrack();
    if (local.transceiver !== undefined) this.#put(local.transceiver, local);
  }

  removeTrack(name: string): void {
    const local = this.#locals.get(name);
    if (local === undefined) return;
    this.#locals.delete(name);
    local.track?.stop();
    if (local.transceiver !== undefined) this.#vacate(local.transceiver);
  }

  createOffer(options: { readonly iceRestart?: boolean } = {}): Promise<HostSessionDescription> {
    return this.#step('an offer', async () => {
      for (const local of this.#locals.values()) this.#place(local);
      const offer = await this.#pc.createOffer({ iceRestart: options.iceRestart === true });
      return this.#setLocal(offer, 'offer');
    });
  }

  createAnswer(): Promise<HostSessionDescription> {
    return this.#step('an answer', async () => {
      const description = await this.#setLocal(await this.#pc.createAnswer(), 'answer');
      const carried = new Set(description.tracks.map((track) => track.name));
      return { ...description, pending: [...this.#locals.keys()].filter((name) => !carried.has(name)) };
    });
  }

  setRemoteDescription(description: HostSessionDescription): Promise<void> {
    return this.#step(`a remote ${description.type}`, async () => {
      const sections = audioSections(description.sdp);
      if (description.type === 'offer') planTracks(this.#locals.values(), sections, this.#ownMids());
      const sdp = rewrite(description.sdp, this.#options.candidates, (mid) => {
        const local = this.#localAt(mid);
        return local === undefined ? undefined : encoderParameters(local);
      });
      await this.#pc.setRemoteDescription({ type: description.type, sdp });
      this.#remoteStereo = new Set(sections.filter((section) => section.sendsStereo).map((section) => section.mid));
      this.#placePlanned();
      this.#setRemotes(description.tracks);
      for (const candidate of this.#early.splice(0)) await this.#pc.addIceCandidate(candidate);
    });
  }

  rollback(): Promise<void> {
    return this.#step('a rollback', () => this.#pc.setLocalDescription({ type: 'rollback' }));
  }

  addIceCandidate(candidate: HostIceCandidate): Promise<void> {
    return this.#step('a candidate', async () => {
      if (!allowsCandidate(this.#options.candidates, candidate.candidate)) return;
      if (this.#pc.remoteDescription === null) this.#early.push(candidate);
      else await this.#pc.addIceCandidate(candidate);
    });
  }

  receive(name: string, wanted: boolean): void {
    if (wanted) this.#wanted.add(name);
    else this.#wanted.delete(name);
    this.#remotes.get(name)?.receive(wanted);
  }

  async stats(): Promise<HostConnectionStats> {
    this.#checkOpen();
    return connectionStats(await this.#pc.getStats());
  }

  on<K extends keyof HostConnectionEvents>(event: K, listener: (data: HostConnectionEvents[K]) => void): Cancel {
    const listeners: Listeners<HostConnectionEvents[K]> = this.#events[event];
    return listeners.add(listener);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelPackets?.();
    this.#pc.onicecandidate = null;
    this.#pc.onconnectionstatechange = null;
    for (const remote of this.#remotes.values()) remote.close();
    this.#remotes.clear();
    for (const local of this.#locals.values()) local.track?.stop();
    this.#locals.clear();
    this.#pc.close();
    this.#onClose();
    this.#events.state.emit('closed');
  }

  /** One step of negotiation, after all that were asked for before it. */
  #step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const step = this.#steps.then(async () => {
      this.#checkOpen();
      try {
        return await work();
      } catch (error) {
        this.#checkOpen();
        throw negotiationFailed(name, toError(error));
      }
    });
    this.#steps = step.catch(() => {});
    return step;
  }

  async #setLocal(description: Description, type: 'offer' | 'answer'): Promise<HostSessionDescription> {
    const assigned = this.#midsToBe(description.sdp ?? '');
    const sdp = rewrite(description.sdp ?? '', this.#options.candidates, (mid) => {
      const local = this.#localOn(assigned.get(mid));
      return { stereo: this.#remoteStereo.has(mid), spropStereo: local !== undefined && sendsStereo(local) };
    });
    await this.#pc.setLocalDescription({ type, sdp });
    const tracks: TrackDescription[] = [];
    for (const { name, transceiver } of this.#locals.values()) {
      if (transceiver?.mid != null) tracks.push({ mid: transceiver.mid, name });
    }
    return { type, sdp, tracks };
  }

  #localAt(mid: string): LocalTrack | undefined {
    for (const local of this.#locals.values()) {
      if (local.transceiver?.mid === mid || local.planned === mid) return local;
    }
    return undefined;
  }

  #localOn(transceiver: Transceiver | undefined): LocalTrack | undefined {
    if (transceiver === undefined) return undefined;
    for (const local of this.#locals.values()) if (local.transceiver === transceiver) return local;
    return undefined;
  }

  /** Transceivers by media id, also those that get theirs only when the description is set: new m-lines are in order. */
  #midsToBe(sdp: string): Map<string, Transceiver> {
    const transceivers = this.#pc.getTransceivers();
    const mids = new Map<string, Transceiver>();
    for (const transceiver of transceivers) if (transceiver.mid !== null) mids.set(transceiver.mid, transceiver);
    const fresh = transceivers.filter((transceiver) => transceiver.mid === null);
    for (const { mid } of audioSections(sdp)) {
      const next = mids.has(mid) ? undefined : fresh.shift();
      if (next !== undefined) mids.set(mid, next);
    }
    return mids;
  }

  #ownMids(): Set<string> {
    const mids = new Set<string>();
    for (const { transceiver } of this.#locals.values()) if (transceiver?.mid != null) mids.add(transceiver.mid);
    return mids;
  }

  /** Puts a track on a transceiver that nothing of ours is on, or on a new one. */
  #place(local: LocalTrack): void {
    if (local.transceiver !== undefined) return;
    const taken = new Set([...this.#locals.values()].map((other) => other.transceiver));
    const free = this.#pc.getTransceivers().find((other) => !taken.has(other));
    local.transceiver = free ?? this.#pc.addTransceiver('audio', { direction: 'sendrecv' });
    this.#put(local.transceiver, local);
  }

  #placePlanned(): void {
    for (const transceiver of this.#pc.getTransceivers()) {
      const local = [...this.#locals.values()].find(
        ({ planned }) => planned !== undefined && planned === transceiver.mid,
      );
      if (local !== undefined) {
        if (local.transceiver !== undefined) this.#vacate(local.transceiver);
        local.planned = undefined;
        local.transceiver = transceiver;
        this.#put(transceiver, local);
      }
      this.#preferCodecs(transceiver);
    }
  }

  #put(transceiver: Transceiver, local: LocalTrack): void {
    transceiver.direction = 'sendrecv';
    this.#preferCodecs(transceiver);
    // Fails only on a connection that is being closed.
    transceiver.sender.replaceTrack(local.track).catch(() => {});
  }

  #vacate(transceiver: Transceiver): void {
    transceiver.direction = 'recvonly';
    transceiver.sender.replaceTrack(null).catch(() => {});
  }

  #preferCodecs(transceiver: Transceiver): void {
    const { codecs } = this.#wrtc.RTCRtpSender.getCapabilities('audio');
    const named = (name: string) => codecs.filter((codec) => codec.mimeType.toLowerCase() === name);
    const red = this.#options.redundancy === true ? named('audio/red') : [];
    transceiver.setCodecPreferences([...red, ...named('audio/opus')]);
  }

  #setRemotes(tracks: readonly TrackDescription[]): void {
    for (const [name, remote] of this.#remotes) {
      if (tracks.some((track) => track.name === name && track.mid === remote.mid)) continue;
      remote.close();
      this.#remotes.delete(name);
      this.#events.track.emit({ name, present: false });
    }
    const transceivers = this.#pc.getTransceivers();
    for (const { mid, name } of tracks) {
      const transceiver = transceivers.find((other) => other.mid === mid);
      if (transceiver === undefined || this.#remotes.has(name)) continue;
      this.#addRemote(name, mid, transceiver);
    }
    if (this.#remotes.size > 0) this.#countPackets();
  }

  #addRemote(name: string, mid: string, transceiver: Transceiver): void {
    const deliver = (samples: Int16Array, sampleRate: number, channels: number) =>
      this.#events.audio.emit({ name, samples, sampleRate, channels });
    const remote = new ReceivedTrack(mid, transceiver.receiver, this.#wrtc, deliver);
    this.#remotes.set(name, remote);
    if (this.#wanted.has(name)) remote.receive(true);
    this.#events.track.emit({ name, present: true });
  }

  /** From the time of the newest packet of each track: the engine's statistics would cost 0.4 ms a time. */
  #countPackets(): void {
    if (this.#cancelPackets !== undefined || this.#closed) return;
    this.#cancelPackets = this.#clock.at(this.#clock.now() + PACKETS_EVERY_MS, () => {
      this.#cancelPackets = undefined;
      if (this.#remotes.size === 0) return;
      for (const remote of this.#remotes.values()) this.#received += remote.takeReceived();
      this.#events.packets.emit({ received: this.#received });
      this.#countPackets();
    });
  }

  #checkOpen(): void {
    if (this.#closed) throw hostClosed(`connection ${this.id}`);
  }
}

function asEngineSource(source: HostAudioSource): EngineAudioSource {
  if (!(source instanceof EngineAudioSource)) throw hostClosed(`audio source ${source.id} of another host`);
  return source;
}

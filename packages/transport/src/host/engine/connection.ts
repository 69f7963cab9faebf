import { type Cancel, toError } from '@sluice/core';
import { hostClosed, negotiationFailed } from '../host-errors.ts';
import { Listeners } from '../listeners.ts';
import type {
  AudioSendSettings,
  HostConnection,
  HostConnectionEvents,
  HostConnectionOptions,
  HostConnectionStats,
  HostIceCandidate,
  HostSessionDescription,
  HostSource,
  TrackDescription,
  VideoSendSettings,
} from '../media-host.ts';
import { EngineAudioSource } from './audio-source.ts';
import { allowsCandidate } from './candidate-filter.ts';
import { colorsOf } from './codec-colors.ts';
import { connectionStats, receivedCodecs } from './connection-stats.ts';
import { Heartbeat } from './heartbeat.ts';
import {
  closeTrack,
  encoderParameters,
  type LocalTrack,
  openTrack,
  planTracks,
  sendsStereo,
  streamOf,
} from './local-tracks.ts';
import { type Engine, RemoteTracks } from './remote-tracks.ts';
import { mediaSections, rewrite } from './session-description.ts';
import { EngineVideoSource } from './video-source.ts';
import { type Description, keepThreads, type PeerConnection, type Transceiver } from './wrtc.ts';

type Events = { [K in keyof HostConnectionEvents]: Listeners<HostConnectionEvents[K]> };

/** A peer connection of the engine. Steps of negotiation are carried out one after the other, in the order of calls. */
export class EngineConnection implements HostConnection {
  readonly id: number;
  readonly #engine: Engine;
  readonly #options: HostConnectionOptions;
  readonly #pc: PeerConnection;
  readonly #onClose: () => void;
  readonly #locals = new Map<string, LocalTrack>();
  readonly #remotes: RemoteTracks;
  readonly #early: HostIceCandidate[] = [];
  readonly #heartbeat: Heartbeat;
  readonly #events: Events = {
    candidate: new Listeners(),
    state: new Listeners(),
    track: new Listeners(),
    audio: new Listeners(),
    video: new Listeners(),
    packets: new Listeners(),
  };
  /** Media ids on which the far side sends two channels. */
  #remoteStereo = new Set<string>();
  /** By media id, what is sent there. */
  #sentCodecs: ReadonlyMap<string, string | undefined> = new Map();
  /** The newest description of the far side, as it came. */
  #lastRemote: HostSessionDescription | undefined;
  #steps: Promise<unknown> = Promise.resolve();
  /** As the engine says, and as was told. */
  #engineState: HostConnectionEvents['state'] = 'new';
  #state: HostConnectionEvents['state'] = 'new';
  #received = 0;
  #closed = false;

  constructor(id: number, options: HostConnectionOptions, engine: Engine, onClose: () => void) {
    this.id = id;
    this.#options = options;
    this.#engine = engine;
    this.#onClose = onClose;
    this.#remotes = new RemoteTracks(engine, {
      videoCodecs: async () => receivedCodecs(await this.#pc.getStats()),
      audio: (audio) => this.#events.audio.emit(audio),
      video: (video) => this.#events.video.emit(video),
      track: (track) => this.#events.track.emit(track),
      packets: (packets) => this.#takePackets(packets),
    });
    keepThreads(engine.wrtc);
    this.#pc = new engine.wrtc.RTCPeerConnection({ iceServers: options.iceServers ?? [], bundlePolicy: 'max-bundle' });
    this.#pc.onicecandidate = ({ candidate }) => {
      if (candidate === null || !allowsCandidate(options.candidates, candidate.candidate)) return;
      const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
      const fragment = usernameFragment == null ? {} : { usernameFragment };
      this.#events.candidate.emit({ candidate: candidate.candidate, sdpMid, sdpMLineIndex, ...fragment });
    };
    this.#heartbeat = new Heartbeat(this.#pc, engine.clock, this.#tellState);
    this.#pc.onconnectionstatechange = () => {
      // The way is there again, whatever became of the heartbeat's channel.
      if (this.#pc.connectionState === 'connected' && this.#engineState !== 'connected') this.#heartbeat.alive();
      this.#engineState = this.#pc.connectionState;
      this.#tellState();
    };
  }

  addTrack(name: string, source: HostSource, settings: AudioSendSettings & VideoSendSettings = {}): void {
    this.#checkOpen();
    this.removeTrack(name);
    const base = { name, settings, track: null, transceiver: undefined, planned: undefined };
    const local: LocalTrack =
      source instanceof EngineVideoSource
        ? { ...base, kind: 'video', source, tap: undefined }
        : { ...base, kind: 'audio', source: asAudioSource(source) };
    openTrack(local);
    this.#locals.set(name, local);
  }

  replaceTrack(name: string, source: HostSource | null): void {
    const local = this.#locals.get(name);
    if (local === undefined) throw hostClosed(`track ${name}`);
    closeTrack(local);
    if (local.kind === 'audio') local.source = source === null ? null : asAudioSource(source);
    else local.source = source === null ? null : asVideoSource(source);
    openTrack(local);
    this.#sendColors();
    if (local.transceiver !== undefined) this.#put(local.transceiver, local);
  }

  configureTrack(name: string, settings: VideoSendSettings): void {
    const local = this.#locals.get(name);
    if (local?.kind !== 'video') throw hostClosed(`video track ${name}`);
    const former = local.settings;
    local.settings = settings;
    local.tap?.configure(settings);
    if (settings.maxBitrate !== former.maxBitrate || settings.codec !== former.codec) this.#reapply();
  }

  removeTrack(name: string): void {
    const local = this.#locals.get(name);
    if (local === undefined) return;
    this.#locals.delete(name);
    closeTrack(local);
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
      const sections = mediaSections(description.sdp);
      if (description.type === 'offer') planTracks(this.#locals.values(), sections, this.#ownMids());
      await this.#setRemote(description);
      this.#lastRemote = description;
      this.#remoteStereo = new Set(sections.filter((section) => section.sendsStereo).map((section) => section.mid));
      this.#placePlanned();
      this.#sendColors();
      this.#remotes.set(description.tracks, this.#pc.getTransceivers());
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
    this.#remotes.receive(name, wanted);
  }

  async stats(): Promise<HostConnectionStats> {
    this.#checkOpen();
    const stats = connectionStats(this.id, await this.#pc.getStats());
    return { ...stats, framesDropped: stats.framesDropped + this.#remotes.refusedPictures };
  }

  on<K extends keyof HostConnectionEvents>(event: K, listener: (data: HostConnectionEvents[K]) => void): Cancel {
    const listeners: Listeners<HostConnectionEvents[K]> = this.#events[event];
    return listeners.add(listener);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pc.onicecandidate = null;
    this.#pc.onconnectionstatechange = null;
    this.#heartbeat.close();
    this.#remotes.close();
    for (const local of this.#locals.values()) closeTrack(local);
    this.#locals.clear();
    this.#pc.close();
    this.#onClose();
    this.#events.state.emit('closed');
  }

  #tellState = (): void => {
    const state = this.#engineState === 'connected' && this.#heartbeat.gone ? 'disconnected' : this.#engineState;
    if (this.#closed || state === this.#state) return;
    this.#state = state;
    this.#events.state.emit(state);
  };

  #takePackets(packets: HostConnectionEvents['packets']): void {
    if (packets.received > this.#received) this.#heartbeat.alive();
    this.#received = packets.received;
    this.#events.packets.emit(packets);
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

  async #setRemote({ type, sdp }: HostSessionDescription): Promise<void> {
    const videoTracks = [...this.#locals.values()].filter(({ kind }) => kind === 'video').length;
    const parameters = (mid: string) => {
      const local = this.#localAt(mid);
      return local === undefined ? undefined : encoderParameters(local, videoTracks);
    };
    const rewritten = rewrite(sdp, this.#options.candidates, { parameters });
    await this.#pc.setRemoteDescription({ type, sdp: rewritten });
    this.#sentCodecs = new Map(mediaSections(rewritten).map(({ mid, codec }) => [mid, codec]));
    this.#sendColors();
  }

  async #setLocal(description: Description, type: 'offer' | 'answer'): Promise<HostSessionDescription> {
    const assigned = this.#midsToBe(description.sdp ?? '');
    const parameters = (mid: string) => {
      const local = this.#localOn(assigned.get(mid));
      return { stereo: this.#remoteStereo.has(mid), spropStereo: local !== undefined && sendsStereo(local) };
    };
    const stream = (mid: string) => {
      const local = this.#localOn(assigned.get(mid));
      return local === undefined ? undefined : streamOf(local.name);
    };
    const sdp = rewrite(description.sdp ?? '', this.#options.candidates, { parameters });
    await this.#pc.setLocalDescription({ type, sdp });
    const tracks: TrackDescription[] = [];
    for (const { name, transceiver } of this.#locals.values()) {
      if (transceiver?.mid != null) tracks.push({ mid: transceiver.mid, name });
    }
    const told = rewrite(sdp, this.#options.candidates, { parameters: () => undefined, stream });
    return { type, sdp: told, tracks };
  }

  /**
   * Puts changed encoder parameters into what the far side said last and takes that in again, without asking it: the
   * engine refuses every `setParameters`. What is about to be negotiated carries them by itself.
   */
  #reapply(): void {
    this.#step('new settings', async () => {
      const remote = this.#lastRemote;
      const settled = [...this.#locals.values()].every(({ transceiver }) => transceiver?.mid != null);
      if (remote === undefined || !settled || this.#pc.signalingState !== 'stable') return;
      if (remote.type === 'answer') await this.#setLocal(await this.#pc.createOffer(), 'offer');
      await this.#setRemote(remote);
      if (remote.type === 'offer') await this.#setLocal(await this.#pc.createAnswer(), 'answer');
    }).catch(() => {
      // The next negotiation carries them.
    });
  }

  /** Converts what is sent to what receivers expect of the codec. */
  #sendColors(): void {
    for (const local of this.#locals.values()) {
      const mid = local.transceiver?.mid;
      if (local.kind === 'video' && mid != null) local.tap?.sendColors(colorsOf(this.#sentCodecs.get(mid)));
    }
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
    for (const { mid, kind } of mediaSections(sdp)) {
      const index = mids.has(mid) ? -1 : fresh.findIndex((transceiver) => kindOf(transceiver) === kind);
      if (index >= 0) mids.set(mid, fresh.splice(index, 1)[0]!);
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
    const free = this.#pc.getTransceivers().find((other) => !taken.has(other) && kindOf(other) === local.kind);
    local.transceiver = free ?? this.#pc.addTransceiver(local.kind, { direction: 'sendrecv' });
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
    const { codecs } = this.#engine.wrtc.RTCRtpSender.getCapabilities(kindOf(transceiver));
    const named = (name: string) => codecs.filter((codec) => codec.mimeType.toLowerCase() === name);
    if (kindOf(transceiver) === 'audio') {
      const red = this.#options.redundancy === true ? named('audio/red') : [];
      // Telephony comes last: for a far side that has nothing else.
      const telephony = ['audio/g722', 'audio/pcmu', 'audio/pcma'].flatMap(named);
      return transceiver.setCodecPreferences([...red, ...named('audio/opus'), ...telephony]);
    }
    const local = this.#localOn(transceiver);
    const codec = local?.kind === 'video' ? local.settings.codec : undefined;
    const first = codec === undefined ? [] : named(`video/${codec.toLowerCase()}`);
    transceiver.setCodecPreferences([...first, ...codecs.filter((other) => !first.includes(other))]);
  }

  #checkOpen(): void {
    if (this.#closed) throw hostClosed(`connection ${this.id}`);
  }
}

function kindOf(transceiver: Transceiver): 'audio' | 'video' {
  return transceiver.receiver.track.kind;
}

function asAudioSource(source: HostSource): EngineAudioSource {
  if (!(source instanceof EngineAudioSource)) throw hostClosed(`audio source ${source.id} of another host`);
  return source;
}

function asVideoSource(source: HostSource): EngineVideoSource {
  if (!(source instanceof EngineVideoSource)) throw hostClosed(`video source ${source.id} of another host`);
  return source;
}

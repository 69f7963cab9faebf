import { type Cancel, type Clock, toError } from '@sluice/core';
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
  IceSettings,
  VideoSendSettings,
} from '../media-host.ts';
import { allowsCandidate } from './candidate-filter.ts';
import { ConnectionState } from './connection-state.ts';
import { availableBitrate, connectionStats } from './connection-stats.ts';
import { NarrowPath } from './narrow-path.ts';
import { type Engine, RemoteTracks } from './remote-tracks.ts';
import { SentTracks } from './sent-tracks.ts';
import { mediaSections, rewrite } from './session-description.ts';
import { withoutPictures } from './without-pictures.ts';
import { type Description, keepThreads, type PeerConnection } from './wrtc.ts';

/** How often the path is looked at while pictures are sent, and how soon again, in milliseconds: each time costs the engine about one. */
const LOOK_MS = 300;
const LOOK_AGAIN_MS = 120;

type Events = { [K in keyof HostConnectionEvents]: Listeners<HostConnectionEvents[K]> };

/** A peer connection of the engine. Steps of negotiation are carried out one after the other, in the order of calls. */
export class EngineConnection implements HostConnection {
  readonly id: number;
  readonly #options: HostConnectionOptions;
  readonly #pc: PeerConnection;
  readonly #onClose: () => void;
  readonly #sent: SentTracks;
  readonly #remotes: RemoteTracks;
  readonly #early: HostIceCandidate[] = [];
  readonly #state: ConnectionState;
  readonly #clock: Clock;
  readonly #path = new NarrowPath();
  #cancelLook: Cancel | undefined;
  readonly #events: Events = {
    candidate: new Listeners(),
    gathered: new Listeners(),
    iceError: new Listeners(),
    state: new Listeners(),
    track: new Listeners(),
    audio: new Listeners(),
    video: new Listeners(),
    packets: new Listeners(),
  };
  /** Media ids on which the far side sends two channels. */
  #remoteStereo = new Set<string>();
  /** The newest description of the far side, as it came. */
  #lastRemote: HostSessionDescription | undefined;
  #steps: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(id: number, options: HostConnectionOptions, engine: Engine, onClose: () => void) {
    this.id = id;
    this.#options = options;
    this.#onClose = onClose;
    this.#clock = engine.clock;
    this.#remotes = new RemoteTracks(engine, {
      report: () => this.#pc.getStats(),
      audio: (audio) => this.#events.audio.emit(audio),
      video: (video) => this.#events.video.emit(video),
      track: (track) => this.#events.track.emit(track),
      packets: (packets, newestAt) => this.#takePackets(packets, newestAt),
    });
    keepThreads(engine.wrtc);
    this.#pc = new engine.wrtc.RTCPeerConnection(configuration(options));
    this.#pc.onicecandidateerror = ({ url, errorCode, errorText }) =>
      this.#events.iceError.emit({ url, code: errorCode, text: errorText });
    this.#pc.onicecandidate = ({ candidate }) => {
      if (candidate === null) return this.#events.gathered.emit(undefined);
      if (!allowsCandidate(options.candidates, candidate.candidate)) return;
      const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
      const fragment = usernameFragment == null ? {} : { usernameFragment };
      this.#events.candidate.emit({ candidate: candidate.candidate, sdpMid, sdpMLineIndex, ...fragment });
    };
    // Nobody here reads a channel that a far side opens, and what it says over it would cost as much as if somebody did.
    this.#pc.ondatachannel = ({ channel }) => channel.close();
    this.#sent = new SentTracks(this.#pc, engine.wrtc);
    this.#state = new ConnectionState(this.#pc, engine.clock, (state) => this.#events.state.emit(state));
  }

  addTrack(name: string, source: HostSource, settings: AudioSendSettings & VideoSendSettings = {}): void {
    this.#checkOpen();
    this.#sent.add(name, source, settings);
    this.#look();
  }

  replaceTrack(name: string, source: HostSource | null): void {
    this.#sent.replace(name, source);
    this.#look();
  }

  configureTrack(name: string, settings: VideoSendSettings): void {
    if (this.#sent.configure(name, settings)) this.#reapply();
  }

  removeTrack(name: string): void {
    this.#sent.remove(name);
  }

  createOffer(options: { readonly iceRestart?: boolean } = {}): Promise<HostSessionDescription> {
    return this.#step('an offer', async () => {
      this.#sent.place();
      const offer = await this.#pc.createOffer({ iceRestart: options.iceRestart === true });
      return this.#setLocal(offer, 'offer');
    });
  }

  createAnswer(): Promise<HostSessionDescription> {
    return this.#step('an answer', async () => {
      const description = await this.#setLocal(await this.#pc.createAnswer(), 'answer');
      const carried = new Set(description.tracks.map((track) => track.name));
      return { ...description, pending: this.#sent.names.filter((name) => !carried.has(name)) };
    });
  }

  setRemoteDescription(description: HostSessionDescription): Promise<void> {
    return this.#step(`a remote ${description.type}`, async () => {
      const sections = mediaSections(description.sdp);
      if (description.type === 'offer') this.#sent.plan(sections);
      await this.#setRemote(description);
      this.#lastRemote = description;
      this.#remoteStereo = new Set(sections.filter((section) => section.sendsStereo).map((section) => section.mid));
      this.#sent.placePlanned();
      this.#sent.sendColors();
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

  setIce(settings: IceSettings): void {
    this.#checkOpen();
    this.#pc.setConfiguration(configuration(settings));
  }

  receive(name: string, wanted: boolean): void {
    this.#remotes.receive(name, wanted);
  }

  async stats(): Promise<HostConnectionStats> {
    this.#checkOpen();
    const stats = connectionStats(this.id, await this.#pc.getStats(), this.#remotes.names);
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
    this.#pc.onicecandidateerror = null;
    this.#pc.ondatachannel = null;
    this.#state.close();
    this.#cancelLook?.();
    this.#remotes.close();
    this.#sent.close();
    this.#pc.close();
    this.#onClose();
    this.#events.state.emit('closed');
  }

  #takePackets(packets: HostConnectionEvents['packets'], newestAt: number): void {
    this.#state.packets(packets.received, newestAt);
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

  async #setRemote({ type, sdp, tracks }: HostSessionDescription): Promise<void> {
    const parameters = (mid: string) => this.#sent.encoderParameters(mid);
    // What has no name, or one that another has, would be decoded for nobody.
    const named = new Map([...tracks].reverse().map(({ name, mid }) => [name, mid]));
    const mids = new Set(named.values());
    const taken = (mid: string) => mids.has(mid);
    const offered = this.#options.pictures === false ? withoutPictures(sdp) : sdp;
    const rewritten = rewrite(offered, this.#options.candidates, { parameters, taken });
    await this.#pc.setRemoteDescription({ type, sdp: rewritten });
    this.#sent.setCodecs(new Map(mediaSections(rewritten).map(({ mid, codec }) => [mid, codec])));
  }

  async #setLocal(description: Description, type: 'offer' | 'answer'): Promise<HostSessionDescription> {
    const carried = this.#sent.carried(description.sdp ?? '');
    const parameters = (mid: string) => ({
      stereo: this.#remoteStereo.has(mid),
      spropStereo: carried(mid)?.stereo === true,
    });
    const stream = (mid: string) => carried(mid)?.stream;
    const sdp = rewrite(description.sdp ?? '', this.#options.candidates, { parameters });
    await this.#pc.setLocalDescription({ type, sdp });
    const told = rewrite(sdp, this.#options.candidates, { parameters: () => undefined, stream });
    return { type, sdp: told, tracks: this.#sent.descriptions };
  }

  /** Looks at the path while pictures are sent, so that they leave it to sound when it becomes narrow. */
  #look(): void {
    if (this.#cancelLook !== undefined || this.#closed || !this.#sent.pictures) return;
    const wait = this.#path.doubtful ? LOOK_AGAIN_MS : LOOK_MS;
    this.#cancelLook = this.#clock.at(this.#clock.now() + wait, () => {
      const over = () => {
        this.#cancelLook = undefined;
        this.#look();
      };
      this.#judgePath().then(over, over);
    });
  }

  async #judgePath(): Promise<void> {
    const available = availableBitrate(await this.#pc.getStats());
    if (available === 0 || this.#closed || !this.#path.estimate(available, this.#clock.now())) return;
    this.#sent.bound(this.#path.bound);
    this.#reapply();
  }

  /**
   * Puts changed encoder parameters into what the far side said last and takes that in again, without asking it: the
   * engine refuses every `setParameters`. What is about to be negotiated carries them by itself.
   */
  #reapply(): void {
    this.#step('new settings', async () => {
      const remote = this.#lastRemote;
      if (remote === undefined || !this.#sent.settled || this.#pc.signalingState !== 'stable') return;
      if (remote.type === 'answer') await this.#setLocal(await this.#pc.createOffer(), 'offer');
      await this.#setRemote(remote);
      if (remote.type === 'offer') await this.#setLocal(await this.#pc.createAnswer(), 'answer');
    }).catch(() => {
      // The next negotiation carries them.
    });
  }

  #checkOpen(): void {
    if (this.#closed) throw hostClosed(`connection ${this.id}`);
  }
}

function configuration({ iceServers = [], iceTransportPolicy = 'all' }: IceSettings) {
  return { iceServers, iceTransportPolicy, bundlePolicy: 'max-bundle' } as const;
}

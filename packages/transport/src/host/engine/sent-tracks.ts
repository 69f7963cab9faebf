import { hostClosed } from '../host-errors.ts';
import type { AudioSendSettings, HostSource, TrackDescription, VideoLayer, VideoSendSettings } from '../media-host.ts';
import { EngineAudioSource } from './audio-source.ts';
import { colorsOf } from './codec-colors.ts';
import {
  closeTrack,
  encoderParameters,
  type LocalTrack,
  openTrack,
  planTracks,
  sendsStereo,
  streamOf,
} from './local-tracks.ts';
import { type MediaSection, mediaSections, type OpusParameters, type VideoParameters } from './session-description.ts';
import { EngineVideoSource } from './video-source.ts';
import type { PeerConnection, Transceiver, Wrtc } from './wrtc.ts';

/** The tracks that a connection sends, and the transceivers that they are put on. */
export class SentTracks {
  readonly #pc: PeerConnection;
  readonly #wrtc: Wrtc;
  readonly #locals = new Map<string, LocalTrack>();
  /** Which encodings those have that send several: the engine fixes that when it makes them. */
  readonly #encodings = new WeakMap<Transceiver, string>();
  #bound: number | undefined;
  /** By media id, what is sent there. */
  #codecs: ReadonlyMap<string, string | undefined> = new Map();

  constructor(pc: PeerConnection, wrtc: Wrtc) {
    this.#pc = pc;
    this.#wrtc = wrtc;
  }

  /** Whether pictures are sent. */
  get pictures(): boolean {
    for (const { kind, track } of this.#locals.values()) if (kind === 'video' && track !== null) return true;
    return false;
  }

  /** The most that all video tracks take together from the next description on, in bits per second. */
  bound(bitsPerSecond: number | undefined): void {
    this.#bound = bitsPerSecond;
  }

  get names(): string[] {
    return [...this.#locals.keys()];
  }

  /** Whether every track has its m-line. */
  get settled(): boolean {
    return [...this.#locals.values()].every(({ transceiver }) => transceiver?.mid != null);
  }

  /** The m-lines that have a track of ours. */
  get descriptions(): TrackDescription[] {
    const tracks: TrackDescription[] = [];
    for (const { name, transceiver } of this.#locals.values()) {
      if (transceiver?.mid != null) tracks.push({ mid: transceiver.mid, name });
    }
    return tracks;
  }

  add(name: string, source: HostSource, settings: AudioSendSettings & VideoSendSettings): void {
    this.remove(name);
    const base = { name, settings, track: null, transceiver: undefined, planned: undefined };
    const local: LocalTrack =
      source instanceof EngineVideoSource
        ? { ...base, kind: 'video', source, tap: undefined }
        : { ...base, kind: 'audio', source: asAudioSource(source), channels: 1 };
    openTrack(local);
    this.#locals.set(name, local);
  }

  replace(name: string, source: HostSource | null): void {
    const local = this.#locals.get(name);
    if (local === undefined) throw hostClosed(`track ${name}`);
    closeTrack(local);
    if (local.kind === 'audio') local.source = source === null ? null : asAudioSource(source);
    else local.source = source === null ? null : asVideoSource(source);
    openTrack(local);
    this.sendColors();
    if (local.transceiver !== undefined) this.#put(local.transceiver, local);
  }

  /** Returns whether the far side has to be told. */
  configure(name: string, settings: VideoSendSettings): boolean {
    const local = this.#locals.get(name);
    if (local?.kind !== 'video') throw hostClosed(`video track ${name}`);
    const former = local.settings;
    local.settings = settings;
    local.tap?.configure(settings);
    return settings.maxBitrate !== former.maxBitrate || settings.codec !== former.codec;
  }

  remove(name: string): void {
    const local = this.#locals.get(name);
    if (local === undefined) return;
    this.#locals.delete(name);
    closeTrack(local);
    if (local.transceiver !== undefined) this.#vacate(local.transceiver);
  }

  close(): void {
    for (const local of this.#locals.values()) closeTrack(local);
    this.#locals.clear();
  }

  /** Puts tracks on transceivers that nothing of ours is on, or on new ones. */
  place(): void {
    for (const local of this.#locals.values()) this.#place(local);
  }

  /** Chooses the m-lines of an offer that tracks are put on by `placePlanned`. */
  plan(sections: readonly MediaSection[]): void {
    const own = new Set(this.descriptions.map(({ mid }) => mid));
    planTracks(this.#locals.values(), sections, own);
  }

  placePlanned(): void {
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

  /** What a far side's description says to our encoders. */
  encoderParameters(mid: string): (OpusParameters & VideoParameters) | undefined {
    const local = this.#localAt(mid);
    return local === undefined ? undefined : encoderParameters(local, this.#videoTracks, this.#bound);
  }

  /** What stands, or will stand, on the m-lines of a description of ours: whether it has two channels, and its stream. */
  carried(sdp: string): (mid: string) => { readonly stereo: boolean; readonly stream: string } | undefined {
    const assigned = this.#midsToBe(sdp);
    return (mid) => {
      const local = this.#localOn(assigned.get(mid));
      return local === undefined ? undefined : { stereo: sendsStereo(local), stream: streamOf(local.name) };
    };
  }

  /** What is sent from now on, by media id. */
  setCodecs(codecs: ReadonlyMap<string, string | undefined>): void {
    this.#codecs = codecs;
    this.sendColors();
  }

  /** Converts what is sent to what receivers expect of the codec. */
  sendColors(): void {
    for (const local of this.#locals.values()) {
      const mid = local.transceiver?.mid;
      if (local.kind === 'video' && mid != null) local.tap?.sendColors(colorsOf(this.#codecs.get(mid)));
    }
  }

  get #videoTracks(): number {
    let count = 0;
    for (const { kind } of this.#locals.values()) if (kind === 'video') count++;
    return count;
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

  #place(local: LocalTrack): void {
    if (local.transceiver !== undefined) return;
    const taken = new Set([...this.#locals.values()].map((other) => other.transceiver));
    const layers = local.kind === 'video' ? local.settings.layers : undefined;
    const encodings = layers && JSON.stringify(layers);
    const isFree = (other: Transceiver) =>
      !taken.has(other) && kindOf(other) === local.kind && this.#encodings.get(other) === encodings;
    const free = this.#pc.getTransceivers().find(isFree);
    local.transceiver = free ?? this.#pc.addTransceiver(local.kind, { direction: 'sendrecv', ...encodingsOf(layers) });
    if (encodings !== undefined) this.#encodings.set(local.transceiver, encodings);
    this.#put(local.transceiver, local);
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
    const { codecs } = this.#wrtc.RTCRtpSender.getCapabilities(kindOf(transceiver));
    const named = (name: string) => codecs.filter((codec) => codec.mimeType.toLowerCase() === name);
    if (kindOf(transceiver) === 'audio') {
      // What is sent is the first of the far side's list: RED behind Opus is for who asks for it, telephony for who has nothing else.
      const inOrder = ['audio/opus', 'audio/red', 'audio/g722', 'audio/pcmu', 'audio/pcma'];
      return transceiver.setCodecPreferences(inOrder.flatMap(named));
    }
    const local = this.#localOn(transceiver);
    const codec = local?.kind === 'video' ? local.settings.codec : undefined;
    const first = codec === undefined ? [] : named(`video/${codec.toLowerCase()}`);
    transceiver.setCodecPreferences([...first, ...codecs.filter((other) => !first.includes(other))]);
  }
}

/** The server takes the first for the best: https://datatracker.ietf.org/doc/html/rfc8853#section-5.1 */
function encodingsOf(layers: readonly VideoLayer[] | undefined) {
  return layers === undefined ? {} : { sendEncodings: layers.map((layer, index) => ({ ...layer, rid: `q${index}` })) };
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

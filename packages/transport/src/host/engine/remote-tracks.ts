import type { Cancel, Clock } from '@sluice/core';
import type { HostConnectionEvents, TrackDescription } from '../media-host.ts';
import { receivedCodecs, type StatsReport } from './connection-stats.ts';
import { type Received, ReceivedAudio } from './received-track.ts';
import { ReceivedVideo } from './received-video.ts';
import { SoundDelay } from './sound-delay.ts';
import type { Transceiver, Wrtc } from './wrtc.ts';

/** How often received packets are counted, in milliseconds. */
const PACKETS_EVERY_MS = 250;
/** How many turns after a negotiation codecs are asked for each time, and how seldom later. */
const ASKED_AT_ONCE = 8;
const SELDOM = 20;
/** How many turns after another pictures are compared with their sound. */
const COMPARED_EVERY = 4;
/** Whose sound belongs to which pictures, by the ends of their names. */
const soundOf = { camera: 'microphone', screenVideo: 'screenAudio' } as const;

/** What an engine's connections have in common. */
export interface Engine {
  readonly wrtc: Wrtc;
  readonly clock: Clock;
  /** Received pictures are copied into memory that is used again; else each has new memory of the engine. */
  readonly reusePictures: boolean;
}

export interface RemoteTracksHandlers {
  audio(audio: HostConnectionEvents['audio']): void;
  video(video: HostConnectionEvents['video']): void;
  track(track: HostConnectionEvents['track']): void;
  /** `newestAt`: when the newest of them was played. */
  packets(packets: HostConnectionEvents['packets'], newestAt: number): void;
  /** The engine's statistics of the connection. */
  report(): Promise<StatsReport>;
}

/** The tracks that the far side of a connection sends, by name, and which of them are wanted. */
export class RemoteTracks {
  readonly #engine: Engine;
  readonly #handlers: RemoteTracksHandlers;
  readonly #tracks = new Map<string, ReceivedAudio | ReceivedVideo>();
  readonly #wanted = new Set<string>();
  #packets = 0;
  /** Pictures that tracks which are gone did not deliver. */
  #refused = 0;
  #cancelPackets: Cancel | undefined;
  /** Turns of the packet counter until codecs are asked for again. */
  #untilCodecs = 0;
  #askedCodecs = 0;
  #learning: Promise<void> | undefined;
  /** Of video tracks whose sound is received as well, by name. */
  readonly #delays = new Map<string, SoundDelay>();
  #untilCompared = 0;
  #comparing = false;

  constructor(engine: Engine, handlers: RemoteTracksHandlers) {
    this.#engine = engine;
    this.#handlers = handlers;
  }

  /** Pictures that were not delivered because they are too large or too many. */
  get refusedPictures(): number {
    return [...this.#tracks.values()].reduce((sum, track) => sum + track.refused, this.#refused);
  }

  /** By media id. */
  get names(): ReadonlyMap<string, string> {
    return new Map([...this.#tracks].map(([name, { mid }]) => [mid, name]));
  }

  receive(name: string, wanted: boolean): void {
    if (wanted) this.#wanted.add(name);
    else this.#wanted.delete(name);
    this.#tracks.get(name)?.receive(wanted);
  }

  /** These are the tracks from now on. */
  set(described: readonly TrackDescription[], transceivers: readonly Transceiver[]): void {
    for (const [name, track] of this.#tracks) {
      if (described.some((other) => other.name === name && other.mid === track.mid)) continue;
      this.#drop(name, track);
      this.#handlers.track({ name, kind: track.kind, present: false });
    }
    for (const { mid, name } of described) {
      const transceiver = transceivers.find((other) => other.mid === mid);
      if (transceiver === undefined || this.#tracks.has(name)) continue;
      const track = this.#create(name, mid, transceiver);
      this.#tracks.set(name, track);
      if (this.#wanted.has(name)) track.receive(true);
      this.#handlers.track({ name, kind: track.kind, present: true });
    }
    this.#askedCodecs = 0;
    if (this.#tracks.size > 0) this.#countPackets();
  }

  close(): void {
    this.#cancelPackets?.();
    for (const [name, track] of this.#tracks) this.#drop(name, track);
  }

  #create(name: string, mid: string, { receiver }: Transceiver): ReceivedAudio | ReceivedVideo {
    return receiver.track.kind === 'audio'
      ? new ReceivedAudio(mid, receiver, this.#engine, (samples, sampleRate, channels) =>
          this.#handlers.audio({ name, samples, sampleRate, channels }),
        )
      : new ReceivedVideo(mid, receiver, this.#engine, {
          deliver: (picture) => this.#handlers.video({ name, picture }),
          learn: () => this.#learn(),
        });
  }

  #drop(name: string, track: Received): void {
    track.close();
    this.#refused += track.refused;
    this.#tracks.delete(name);
    this.#delays.delete(name);
  }

  /** From the time of the newest packet of each track: the engine's statistics would cost 0.4 ms a time. */
  #countPackets(): void {
    if (this.#cancelPackets !== undefined) return;
    const { clock } = this.#engine;
    this.#cancelPackets = clock.at(clock.now() + PACKETS_EVERY_MS, () => {
      this.#cancelPackets = undefined;
      if (this.#tracks.size === 0) return;
      for (const track of this.#tracks.values()) this.#packets += track.takeReceived();
      const newestAt = Math.max(...[...this.#tracks.values()].map((track) => track.newestAt));
      this.#handlers.packets({ received: this.#packets }, newestAt);
      this.#followCodecs();
      this.#followSound();
      this.#countPackets();
    });
  }

  /** Pictures whose sound is received wait for it: they do not lie in a jitter buffer as sound does. */
  #followSound(): void {
    if (this.#comparing || --this.#untilCompared > 0) return;
    this.#untilCompared = COMPARED_EVERY;
    const pairs = [...this.#tracks].flatMap(([name, pictures]) => {
      if (pictures.kind !== 'video') return [];
      const sound = this.#soundOf(name);
      if (sound !== undefined && pictures.wanted && this.#wanted.has(sound.name)) return [{ name, pictures, sound }];
      pictures.hold(0);
      this.#delays.delete(name);
      return [];
    });
    if (pairs.length === 0) return;
    this.#comparing = true;
    this.#handlers
      .report()
      .then((report) => {
        for (const { name, pictures, sound } of pairs) {
          const delay = this.#delays.get(name) ?? new SoundDelay();
          this.#delays.set(name, delay);
          const early = delay.measure(report, sound.mid, pictures.mid);
          if (early !== undefined) pictures.hold(early);
        }
      })
      // Fails only on a connection that is being closed.
      .catch(() => {})
      .finally(() => {
        this.#comparing = false;
      });
  }

  #soundOf(pictures: string): { readonly name: string; readonly mid: string } | undefined {
    const end = (Object.keys(soundOf) as (keyof typeof soundOf)[]).find((one) => pictures.endsWith(one));
    if (end === undefined) return undefined;
    const name = pictures.slice(0, -end.length) + soundOf[end];
    const mid = this.#tracks.get(name)?.mid;
    return mid === undefined ? undefined : { name, mid };
  }

  /** A sender may change its codec: soon after a negotiation, and seldom at any time. Asking takes 0.4 ms. */
  #followCodecs(): void {
    if (--this.#untilCodecs > 0) return;
    this.#untilCodecs = this.#askedCodecs++ < ASKED_AT_ONCE ? 1 : SELDOM;
    if ([...this.#tracks.values()].some((track) => track.kind === 'video' && track.wanted)) this.#learn();
  }

  /** Tells video tracks what their codec is. */
  #learn(): void {
    this.#learning ??= this.#handlers
      .report()
      .then((report) => {
        const codecs = receivedCodecs(report);
        for (const track of this.#tracks.values()) {
          const codec = codecs.get(track.mid);
          if (track.kind === 'video' && codec !== undefined) track.setCodec(codec);
        }
      })
      // Fails only on a connection that is being closed.
      .catch(() => {})
      .finally(() => {
        this.#learning = undefined;
      });
  }
}

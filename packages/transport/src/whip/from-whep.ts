import {
  type AudioFrame,
  type Cancel,
  type Clock,
  type ColorFormat,
  type ColorSpace,
  checkKeys,
  type Frame,
  invalidArgument,
  pushSource,
  type SluiceError,
  type Source,
  toError,
  type VideoFrame,
} from '@sluice/core';
import { rendererFormat } from '../call/receive/audio-renderer.ts';
import { AudioRenderers } from '../call/receive/audio-renderers.ts';
import { checkVideoRenderer, VideoRenderers } from '../call/receive/video-renderers.ts';
import { currentDevices } from '../devices/registry.ts';
import type { HostConnection, HostConnectionStats, MediaHost } from '../host/media-host.ts';
import { accessKeys, checkAccess, type WhipAccess } from './whip-options.ts';
import { WhipSession } from './whip-session.ts';

/** Whom the tracks of the far side are said to be of. */
const FAR = 'whep';

/** The sound that is played. */
export interface WhepAudioOptions {
  /** Hz; 10 ms must be a whole number of samples. Default: 48000. */
  readonly sampleRate?: number;
  /** Length of a frame, a multiple of 10 ms. Default: 20. */
  readonly callbackIntervalMs?: number;
}

/** The pictures that are played. */
export interface WhepVideoOptions {
  /** How the pixels shall lie. `I420`, as received, costs nothing. Default: `I420`. */
  readonly colorFormat?: ColorFormat;
  /** What the sender's pixels mean. Default: what receivers expect of the codec. */
  readonly colorSpace?: ColorSpace;
}

/** What is asked for, and by which right. */
export interface FromWhepOptions extends WhipAccess {
  /** Default: `{}`. `false`: no sound is asked for. */
  readonly audio?: WhepAudioOptions | false;
  /** Default: `{}`. `false`: no pictures are asked for. */
  readonly video?: WhepVideoOptions | false;
}

/** Sources of a graph out of one session of a WHEP endpoint. */
export interface WhepPlayback {
  /** Sound in one channel; throws TypeError where none is asked for. */
  readonly audio: Source<AudioFrame>;
  /** Pictures of the size they come in, which may change; throws TypeError where none are asked for. */
  readonly video: Source<VideoFrame>;
  /** Counters of the connection; undefined while there is none. */
  stats(): Promise<HostConnectionStats | undefined>;
  /** Completes the sources and ends the session, at the endpoint too. It ends by itself when nobody listens any more. */
  close(): Promise<void>;
  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Plays what a WHEP endpoint gives out (draft-ietf-wish-whep): sound and pictures of one session, each a source. The session
 * begins with the first subscription and ends with the last, by DELETE; the next one begins another. Timestamps of sound count
 * samples from the first, those of pictures tell when they came. Where the network goes away ICE is
 * restarted, as with `toWhip`; a session that is lost fails its sources. Needs `Daily.init`.
 * Adds no latency beyond the frame's length.
 *
 * @example
 * ```ts
 * const stage = fromWhep('https://live.example/whep/stage', { token: 'secret', video: false });
 * stage.audio.subscribe(toWavFile('stage.wav'));
 * ```
 * @throws TypeError, RangeError at once for options that are not valid, `SLUICE_NOT_INITIALIZED`. Its sources fail as the ends
 * of `toWhip` do.
 * @see toWhip
 */
export function fromWhep(url: string | URL, options: FromWhepOptions = {}): WhepPlayback {
  checkKeys<FromWhepOptions>('fromWhep', options, { ...accessKeys, audio: true, video: true });
  const { audio = {}, video = {} } = options;
  if (audio === false && video === false) throw invalidArgument('audio', 'sound or pictures', audio);
  if (audio !== false) rendererFormat(audio);
  if (video !== false) checkVideoRenderer('fromWhep video', video);
  return new Playback(checkAccess(url, options), audio, video);
}

type Failing = { error(reason: unknown): void };

class Playback implements WhepPlayback {
  readonly #access: ReturnType<typeof checkAccess>;
  readonly #audio: WhepAudioOptions | false;
  readonly #video: WhepVideoOptions | false;
  readonly #clock: Clock = currentDevices().clock;
  readonly #host: MediaHost = currentDevices().host;
  readonly #sound: AudioRenderers;
  readonly #pictures: VideoRenderers;
  readonly #listeners = new Set<Failing>();
  #session: WhipSession | undefined;
  #leave: Cancel = () => {};

  constructor(
    access: ReturnType<typeof checkAccess>,
    audio: WhepAudioOptions | false,
    video: WhepVideoOptions | false,
  ) {
    this.#access = access;
    this.#audio = audio;
    this.#video = video;
    const fault = (error: unknown) => this.#fail(toError(error));
    this.#sound = new AudioRenderers(this.#clock, fault);
    this.#pictures = new VideoRenderers(this.#clock, fault);
  }

  get audio(): Source<AudioFrame> {
    const options = this.#audio;
    if (options === false) throw invalidArgument('audio', 'sound asked for in fromWhep', false);
    return this.#source<AudioFrame>({ name: 'fromWhep' }, (frame, end) =>
      this.#sound.add(FAR, { frame, end }, { sampleRate: 48_000, ...options }),
    );
  }

  get video(): Source<VideoFrame> {
    const options = this.#video;
    if (options === false) throw invalidArgument('video', 'pictures asked for in fromWhep', false);
    return this.#source<VideoFrame>({ name: 'fromWhep', overflow: 'latest' }, (frame, end) =>
      this.#pictures.add(FAR, { frame, end }, { colorFormat: 'I420', ...options }),
    );
  }

  async stats(): Promise<HostConnectionStats | undefined> {
    return this.#session?.connection?.stats().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#sound.end(FAR);
    this.#pictures.end(FAR);
    await this.#end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #source<F extends Frame>(
    spec: { readonly name: string; readonly overflow?: 'latest' },
    tap: (frame: (frame: F) => void, end: () => void) => Cancel,
  ): Source<F> {
    return pushSource<F>({ live: true, ...spec }, (destination) => {
      const remove = tap(
        (frame) => destination.next(frame),
        () => destination.complete(),
      );
      this.#listeners.add(destination);
      this.#begin();
      return () => {
        remove();
        this.#listeners.delete(destination);
        if (this.#listeners.size === 0) void this.#end();
      };
    });
  }

  #begin(): void {
    if (this.#session !== undefined) return;
    const session = new WhipSession({
      ...this.#access,
      host: this.#host,
      clock: this.#clock,
      direction: 'recvonly',
      prepare: (connection) => this.#prepare(connection),
      connected: () => {},
      lost: (error) => this.#session === session && this.#fail(error),
    });
    this.#session = session;
    this.#leave = currentDevices().inCall(() => this.close());
    session.open().catch((error: SluiceError) => this.#session === session && this.#fail(error));
  }

  #prepare(connection: HostConnection): void {
    if (this.#audio !== false) {
      expectTrack(connection, 'audio', this.#host);
      connection.receive('audio', true);
      connection.on('audio', ({ samples, sampleRate, channels }) =>
        this.#sound.take(FAR, 'microphone', samples, sampleRate, channels),
      );
    }
    if (this.#video === false) return;
    expectTrack(connection, 'video', this.#host);
    connection.receive('video', true);
    connection.on('video', ({ picture }) => this.#pictures.take(FAR, 'camera', picture));
  }

  #fail(error: Error): void {
    for (const listener of [...this.#listeners]) listener.error(error);
    void this.#end();
  }

  async #end(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    this.#leave();
    await session?.close();
  }
}

/** An m-line of the offer comes from a track; this one stays without a source. */
function expectTrack(connection: HostConnection, kind: 'audio' | 'video', host: MediaHost): void {
  if (kind === 'audio') {
    const source = host.createAudioSource({ sampleRate: 48_000, channels: 1, autoSilence: false, cushionMs: 0 });
    connection.addTrack(kind, source);
    connection.replaceTrack(kind, null);
    return source.close();
  }
  const source = host.createVideoSource({ screen: false });
  connection.addTrack(kind, source);
  connection.replaceTrack(kind, null);
  source.close();
}

import {
  type Cancel,
  checkKeys,
  invalidArgument,
  type PlayoutSink,
  playoutSink,
  type Sink,
  type SinkLease,
  type SluiceError,
  type VideoFrame,
} from '@sluice/core';
import { currentDevices } from '../devices/registry.ts';
import { type PictureSummary, pictureSink } from '../graph/picture-sink.ts';
import type { HostConnection, HostConnectionStats } from '../host/media-host.ts';
import { PublishedPictures } from './published-pictures.ts';
import { PublishedSound } from './published-sound.ts';
import {
  accessKeys,
  checkAccess,
  type WhipAccess,
  type WhipAudioOptions,
  type WhipVideoOptions,
} from './whip-options.ts';
import { WhipSession } from './whip-session.ts';

/** What left here is under way, and waits in the far side's jitter buffer, in milliseconds. */
const LINGER_MS = 300;

/** What is published, and by which right. */
export interface ToWhipOptions extends WhipAccess {
  /** Default: `{}`, one channel of 48 kHz. `false`: none. */
  readonly audio?: WhipAudioOptions | false;
  /** Default: none. */
  readonly video?: WhipVideoOptions;
}

/** Ends of a graph in one session of a WHIP endpoint. */
export interface WhipPublication {
  /** Where sound goes; throws TypeError where none is published. */
  readonly audio: PlayoutSink;
  /** Where pictures go; throws TypeError where none are published. */
  readonly video: Sink<VideoFrame, PictureSummary>;
  /** Whether media flows: not before the endpoint takes it, and not while the network is away. */
  readonly connected: boolean;
  /** Counters of the connection; undefined while there is none. */
  stats(): Promise<HostConnectionStats | undefined>;
  /** Ends the session, at the endpoint too. It ends by itself when its last end has. */
  close(): Promise<void>;
  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Publishes at a WHIP endpoint (RFC 9725): sound and pictures of one session, each an end of a graph. The session begins with the
 * first end, in a graph before it starts, and ends when the last one is done, was aborted or failed: by DELETE, so that the
 * endpoint knows at once. Needs `Daily.init`. It serves once. First media waits until the endpoint receives it; later media
 * behaves as with `toMicrophone` and `toCamera`. Where the network goes away ICE is restarted; a session that has no way for
 * 30 s, or whose endpoint restarts nothing, fails its ends.
 *
 * @example
 * ```ts
 * const live = toWhip('https://live.example/whip/stage', { token: 'secret', video: { width: 1280, height: 720 } });
 * bot.from(fromTone({ frequency: 440 })).to(live.audio);
 * bot.from(fromTestPattern({ width: 1280, height: 720 })).to(live.video);
 * await bot.run();
 * ```
 * @throws TypeError, RangeError at once for options that are not valid, `SLUICE_NOT_INITIALIZED`. Its ends fail with
 * `SLUICE_WHIP_UNREACHABLE`, `SLUICE_WHIP_TOKEN`, `SLUICE_WHIP_ENDPOINT`, `SLUICE_WHIP_REFUSED`, `SLUICE_WHIP_ANSWER`,
 * `SLUICE_WHIP_LOST`
 * @see fromWhep
 */
export function toWhip(url: string | URL, options: ToWhipOptions = {}): WhipPublication {
  checkKeys<ToWhipOptions>('toWhip', options, { ...accessKeys, audio: true, video: true });
  const access = checkAccess(url, options);
  const { audio = {}, video } = options;
  if (audio === false && video === undefined) throw invalidArgument('audio', 'sound or pictures', audio);
  if (audio !== false)
    checkKeys<WhipAudioOptions>('toWhip audio', audio, { sampleRate: true, channels: true, bitrate: true });
  if (video !== undefined)
    checkKeys<WhipVideoOptions>('toWhip video', video, {
      width: true,
      height: true,
      maxBitrate: true,
      codec: true,
      screen: true,
    });
  return new Publication(access, audio, video);
}

class Publication implements WhipPublication {
  readonly #sound: PublishedSound | undefined;
  readonly #pictures: PublishedPictures | undefined;
  readonly #session: WhipSession;
  readonly #audio: PlayoutSink | undefined;
  readonly #video: Sink<VideoFrame, PictureSummary> | undefined;
  readonly #clock = currentDevices().clock;
  readonly #leave: Cancel;
  #ends = 0;
  #closing: Promise<void> | undefined;

  constructor(
    access: ReturnType<typeof checkAccess>,
    audio: WhipAudioOptions | false,
    video: WhipVideoOptions | undefined,
  ) {
    const { host } = currentDevices();
    this.#sound = audio === false ? undefined : new PublishedSound(audio);
    this.#pictures = video && new PublishedPictures(video);
    this.#session = new WhipSession({
      ...access,
      host,
      clock: this.#clock,
      direction: 'sendonly',
      prepare: (connection) => this.#prepare(connection),
      connected: () => this.#heard(),
      lost: (error) => this.#lost(error),
    });
    this.#leave = currentDevices().inCall(() => this.close());
    const lease = () => this.#lease();
    this.#audio = this.#sound && playoutSink({ name: 'toWhip', device: this.#sound, lease });
    this.#video = this.#pictures && pictureSink('toWhip', this.#pictures, lease);
  }

  get audio(): PlayoutSink {
    if (this.#audio === undefined) throw invalidArgument('audio', 'options of sound given to toWhip', false);
    return this.#audio;
  }

  get video(): Sink<VideoFrame, PictureSummary> {
    if (this.#video === undefined) throw invalidArgument('video', 'options of pictures given to toWhip', undefined);
    return this.#video;
  }

  get connected(): boolean {
    return this.#session.flows;
  }

  async stats(): Promise<HostConnectionStats | undefined> {
    return this.#session.connection?.stats().catch(() => undefined);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #lease(): Promise<SinkLease> {
    this.#ends++;
    const over = (reason?: Error) => {
      if (--this.#ends > 0) return;
      if (reason !== undefined) return void this.close();
      this.#clock.at(this.#clock.now() + LINGER_MS, () => void this.close());
    };
    await this.#session.open().catch(async (error: unknown) => {
      over(error as Error);
      throw error;
    });
    return over;
  }

  #prepare(connection: HostConnection): void {
    this.#sound?.sendOn(connection);
    this.#pictures?.sendOn(connection);
  }

  #heard(): void {
    this.#sound?.heard();
    this.#pictures?.heard();
  }

  #lost(error: SluiceError): void {
    this.#sound?.fail(error);
    this.#pictures?.fail(error);
    void this.close();
  }

  async #close(): Promise<void> {
    this.#leave();
    await this.#session.close();
    this.#sound?.close();
    this.#pictures?.close();
  }
}

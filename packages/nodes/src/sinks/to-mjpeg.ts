import {
  type ActorContext,
  checkKeys,
  createSink,
  invalidArgument,
  type Sink,
  type SinkWriter,
  type VideoFrame,
} from '@sluice/core';
import { encodePicture } from '../formats/image/encode-picture.ts';
import { isLoopback } from '../formats/mjpeg/host-policy.ts';
import { MjpegServer, type MjpegServerOptions } from '../formats/mjpeg/mjpeg-server.ts';
import type { Viewer } from '../formats/mjpeg/mjpeg-viewer.ts';
import { checkNumber } from '../options/check-option.ts';

/** Address, quality and bounds of the stream that {@link toMjpeg} serves. */
export interface ToMjpegOptions {
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Address to listen on. Default 127.0.0.1. Anything but loopback needs `insecure: true`. */
  readonly host?: string | undefined;
  /** Lets other machines look, without encryption and without asking who they are. Default false. */
  readonly insecure?: boolean | undefined;
  /** Further names that the server answers to, without a port. Default: none, only addresses and `localhost`. */
  readonly hosts?: readonly string[] | undefined;
  /** Of the JPEG pictures, 1 to 100. Default 75. */
  readonly quality?: number | undefined;
  /** More are turned away. Default 16. */
  readonly maxViewers?: number | undefined;
  /** Of the page. Default `sluice`. */
  readonly title?: string | undefined;
}

/** What `toMjpeg` has shown. */
export interface MjpegStatistics {
  /** Frames that came. */
  readonly received: number;
  /** Pictures that were made, once for all viewers. */
  readonly encoded: number;
  /** Frames that made room for a newer one before they were encoded, while somebody looked. */
  readonly skipped: number;
  /** Pictures that were sent, to all viewers together. */
  readonly sent: number;
  /** Pictures that viewers did not get because they were too slow. */
  readonly dropped: number;
  /** Who looks right now. */
  readonly viewers: number;
}

/** A sink that serves its pictures to browsers as a stream of JPEG images. */
export interface MjpegSink extends Sink<VideoFrame, MjpegStatistics> {
  /** Where to look: `http://127.0.0.1:PORT/`. Rejects if the sink ends before it could listen. */
  readonly url: Promise<string>;
  /** What was shown and what was left out so far; at any time, also after the end. */
  statistics(): MjpegStatistics;
}

/** How long viewers may take for the last picture, in milliseconds. */
const FAREWELL_MS = 1_000;

/**
 * Shows pictures in any browser, to look at a pipeline while it runs: a page at `/`, the stream itself
 * (`multipart/x-mixed-replace`, for `<img>`) at `/stream`, the newest picture at `/picture.jpg`. `HEAD` is answered as
 * `GET` and makes no viewer.
 *
 * Never holds a pipeline back: it takes every frame at once and shows the newest when it can. Pictures are encoded on
 * threads of libvips, once for all viewers and only while somebody looks; a slow viewer gets fewer, counted. Who comes
 * later sees the last picture at once. What comes faster than in its time, as a file, is shown as fast: put `pace()`
 * before it, or beside it a sink that takes its time. Latency: none, it ends here.
 *
 * The server listens from the start of the graph, or the first frame, to the end; it does not keep a process alive. It
 * answers requests for addresses, `localhost` and `hosts` only, so that no web page can read along by a name of its own
 * (DNS rebinding), and other pages cannot embed the pictures. Beyond loopback anybody can look who reaches it.
 *
 * `finished` rejects with `SLUICE_MJPEG_LISTEN` when the port is taken; a picture that cannot be encoded
 * (`SLUICE_IMAGE_ENCODE`) is reported and the next one is shown.
 *
 * @example
 * ```ts
 * import { fromTestPattern, toMjpeg } from '@sluice/nodes';
 *
 * const monitor = toMjpeg();
 * fromTestPattern({ live: true, duration: 60 }).subscribe(monitor);
 * console.log(`look at ${await monitor.url}`);
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range, and for a host beyond loopback.
 * @see toImageFiles to keep pictures.
 */
export function toMjpeg(options: ToMjpegOptions = {}): MjpegSink {
  checkKeys<ToMjpegOptions>('toMjpeg', options, {
    port: true,
    host: true,
    insecure: true,
    hosts: true,
    quality: true,
    maxViewers: true,
    title: true,
  });
  const { port = 0, host = '127.0.0.1', insecure = false, hosts = [], quality = 75, title = 'sluice' } = options;
  const { maxViewers = 16 } = options;
  checkNumber('port', port, { min: 0, max: 65_535, unit: 'a port', integer: true });
  if (typeof host !== 'string' || host === '') throw invalidArgument('host', 'an address', host);
  if (!isLoopback(host) && insecure !== true)
    throw invalidArgument('host', 'a loopback address, or insecure: true for other machines to look', host);
  if (!Array.isArray(hosts) || !hosts.every((name) => typeof name === 'string'))
    throw invalidArgument('hosts', 'a list of names', hosts);
  checkNumber('quality', quality, { min: 1, max: 100, unit: 'per cent', integer: true });
  checkNumber('maxViewers', maxViewers, { min: 1, max: 1_000, unit: 'viewers', integer: true });
  if (typeof title !== 'string') throw invalidArgument('title', 'a text', title);

  const monitor = new MjpegMonitor(quality);
  const names = hosts.map((name) => name.toLowerCase());
  const sink = createSink<VideoFrame, MjpegStatistics>({
    name: 'toMjpeg',
    accepts: { kind: 'video' },
    open: async (context) => {
      await monitor.open({ host, port, hosts: names, maxViewers, title }, context);
      return monitor;
    },
  });
  // Made when it is asked for: a rejection that nobody waits for would end the process.
  let url: Promise<string> | undefined;
  const getUrl = () => {
    url ??= Promise.race([monitor.url, sink.finished.then(() => monitor.url)]);
    return url;
  };
  const statistics = () => monitor.statistics();
  return Object.defineProperty(Object.assign(sink, { statistics }), 'url', { get: getUrl }) as MjpegSink;
}

class MjpegMonitor implements SinkWriter<VideoFrame, MjpegStatistics> {
  readonly url: Promise<string>;
  readonly #quality: number;
  #listening!: (url: string) => void;
  #context!: ActorContext;
  #server: MjpegServer | undefined;
  /** What is not encoded yet. */
  #newest: VideoFrame | undefined;
  #jpeg: Uint8Array | undefined;
  #encoding: Promise<void> | undefined;
  #received = 0;
  #encoded = 0;
  #skipped = 0;

  constructor(quality: number) {
    this.#quality = quality;
    this.url = new Promise((resolve) => {
      this.#listening = resolve;
    });
  }

  async open(options: MjpegServerOptions, context: ActorContext): Promise<void> {
    this.#context = context;
    this.#server = await MjpegServer.open(options, (viewer) => this.#welcome(viewer));
    this.#listening(this.#server.url);
  }

  statistics(): MjpegStatistics {
    const { counts = { sent: 0, dropped: 0 }, viewers = 0 } = this.#server ?? {};
    return { received: this.#received, encoded: this.#encoded, skipped: this.#skipped, ...counts, viewers };
  }

  write(frame: VideoFrame): void {
    this.#received++;
    if (this.#newest !== undefined) {
      this.#newest.close();
      if (this.#server!.viewers > 0) this.#skipped++;
    }
    this.#newest = frame;
    this.#encodeNewest();
  }

  async end(): Promise<MjpegStatistics> {
    while (this.#encoding !== undefined) await this.#encoding;
    const { clock } = this.#context;
    let cancel = () => {};
    const patience = new Promise<void>((resolve) => {
      cancel = clock.at(clock.now() + FAREWELL_MS, resolve);
    });
    await Promise.race([this.#server!.end(), patience]);
    cancel();
    await this.abort();
    return this.statistics();
  }

  async abort(): Promise<void> {
    this.#newest?.close();
    this.#newest = undefined;
    await this.#server!.close();
    await this.#encoding;
  }

  /** Shows a newcomer what there is, unless something newer is about to come. */
  #welcome(viewer: Viewer): void {
    this.#encodeNewest();
    if (this.#encoding === undefined && this.#jpeg !== undefined) viewer.show(this.#jpeg);
  }

  #encodeNewest(): void {
    const frame = this.#newest;
    if (frame === undefined || this.#encoding !== undefined || this.#server!.viewers === 0) return;
    this.#newest = undefined;
    this.#encoding = this.#encode(frame).finally(() => {
      this.#encoding = undefined;
      this.#encodeNewest();
    });
  }

  async #encode(frame: VideoFrame): Promise<void> {
    const { name: owner } = this.#context;
    try {
      this.#jpeg = await encodePicture(frame, { encoding: 'jpeg', quality: this.#quality, owner });
      this.#encoded++;
      this.#server!.show(this.#jpeg);
    } catch (error) {
      this.#context.report(error);
    }
  }
}

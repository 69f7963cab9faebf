import { type Clock, checkKeys } from '@sluice/core';
import { DeadlinePacer } from '../src/host/deadline-pacer.ts';
import { checkAudioSourceOptions } from '../src/host/host-options.ts';
import { Listeners } from '../src/host/listeners.ts';
import type { HostAudioProgress, HostAudioSource, HostDeath, MediaHost } from '../src/host/media-host.ts';
import { PlayoutQueue } from '../src/host/playout-queue.ts';
import { type SentPicture, VirtualVideoSource } from './virtual-video-source.ts';

export interface VirtualMediaHostOptions {
  /** How long a picture is under way until its bytes may be used again, in milliseconds. Default 0: at once. */
  readonly takenAfterMs?: number;
}

/** A media host without an engine: sources play by the given clock into memory, and pictures are kept. It has no connections. */
export interface VirtualMediaHost extends MediaHost {
  /** What the sources have sent, silence included, in the order in which they were made. */
  readonly sent: readonly { readonly sampleRate: number; readonly channels: number; readonly samples: Int16Array }[];
  /** The pictures of each video source, in the order in which the sources were made. */
  readonly pictures: readonly (readonly SentPicture[])[];
  /** Loses every source, as the death of a real engine's process does. */
  die(death?: Partial<HostDeath>): void;
}

export function virtualMediaHost(clock: Clock, options: VirtualMediaHostOptions = {}): VirtualMediaHost {
  checkKeys<VirtualMediaHostOptions>('virtualMediaHost', options, { takenAfterMs: true });
  const sources: VirtualSource[] = [];
  const videoSources: VirtualVideoSource[] = [];
  const down = new Listeners<HostDeath>();
  let deaths = 0;
  let failed = false;
  const pacer = new DeadlinePacer(clock, () => {
    for (const source of sources) source.report();
  });
  const checkUsable = () => {
    if (failed) throw new Error('the virtual media host failed');
  };
  return {
    mode: 'in-process',
    pid: process.pid,
    get sent() {
      return sources.map((source) => source.sent);
    },
    get pictures() {
      return videoSources.map((source) => source.pictures);
    },
    createAudioSource(sourceOptions) {
      checkUsable();
      checkAudioSourceOptions(sourceOptions);
      const queue = new PlayoutQueue(sourceOptions);
      const source = new VirtualSource(sources.length, queue, sourceOptions);
      sources.push(source);
      source.stop = pacer.add(source.play);
      return source;
    },
    createVideoSource() {
      checkUsable();
      const source = new VirtualVideoSource(videoSources.length, clock, options.takenAfterMs ?? 0);
      videoSources.push(source);
      return source;
    },
    createConnection() {
      throw new Error('a virtual media host has no connections');
    },
    stats: async () => ({
      connections: 0,
      sources: sources.length + videoSources.length,
      tickLateness: pacer.takeLateness(),
      reanchored: pacer.reanchored,
      picturesDropped: 0,
      rss: 0,
      cpuMicros: 0,
    }),
    onDown: (listener) => down.add(listener),
    close: async () => pacer.stop(),
    die(death = {}) {
      for (const source of sources) source.close();
      for (const source of videoSources) source.die();
      failed = death.failed === true;
      down.emit({ exitCode: null, signal: 'SIGKILL', count: ++deaths, failed: false, ...death });
    },
  };
}

class VirtualSource implements HostAudioSource {
  readonly id: number;
  stop = () => {};
  readonly #queue: PlayoutQueue;
  readonly #format: { readonly sampleRate: number; readonly channels: number };
  readonly #slices: Int16Array[] = [];
  readonly #listeners = new Listeners<HostAudioProgress>();
  #closed = false;

  constructor(id: number, queue: PlayoutQueue, format: { readonly sampleRate: number; readonly channels: number }) {
    this.id = id;
    this.#queue = queue;
    this.#format = { sampleRate: format.sampleRate, channels: format.channels };
  }

  get sent() {
    const samples = new Int16Array(this.#slices.length * this.#queue.slice.length);
    for (const [index, slice] of this.#slices.entries()) samples.set(slice, index * slice.length);
    return { ...this.#format, samples };
  }

  play = (slices: number): void => {
    for (let count = 0; count < slices; count++) if (this.#queue.fill()) this.#slices.push(this.#queue.slice.slice());
  };

  report(): void {
    if (!this.#closed) this.#listeners.emit(this.#queue.progress);
  }

  write(samples: Int16Array): void {
    if (!this.#closed) this.#queue.push(samples);
  }

  flush(): void {
    this.#queue.flush();
  }

  async clear(fadeMs: number): Promise<number> {
    const dropped = this.#queue.clear(fadeMs);
    this.report();
    return dropped;
  }

  pause(fadeMs: number): Promise<void> {
    return this.#queue.pause(fadeMs);
  }

  resume(): void {
    this.#queue.resume();
  }

  onProgress(listener: (progress: HostAudioProgress) => void) {
    return this.#listeners.add(listener);
  }

  close(): void {
    this.#closed = true;
    this.#queue.resume();
    this.stop();
  }
}

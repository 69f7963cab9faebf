import { type AudioFormat, type Clock, checkKeys, type SluiceError } from '@sluice/core';
import { DeadlinePacer } from '../host/deadline-pacer.ts';
import { hostFailed } from '../host/host-errors.ts';
import { checkAudioSourceOptions } from '../host/host-options.ts';
import { Listeners } from '../host/listeners.ts';
import type { HostAudioProgress, HostAudioSource, HostDeath, MediaHost } from '../host/media-host.ts';
import { PlayoutQueue } from '../host/playout-queue.ts';
import { type SentPicture, VirtualVideoSource } from './virtual-video-source.ts';

/** What a virtual media host does with sound and pictures. */
export interface VirtualMediaHostOptions {
  /** How long a picture is under way until its bytes may be used again, in milliseconds. Default 0: at once. */
  readonly takenAfterMs?: number;
  /** Takes each 10 ms of sound as it leaves a source. The array is rewritten afterwards. */
  readonly onSound?: (sound: SentSound) => void;
  /** Whether `sent` is kept: an hour of one source is 115 MB. Default true. */
  readonly keep?: boolean;
}

/** What a source sends at a time, silence included. */
export interface SentSound {
  /** Of the source, in the order in which they were made. */
  readonly source: number;
  /** Interleaved. */
  readonly samples: Int16Array;
  /** Hz. */
  readonly sampleRate: number;
  /** 1 or 2. */
  readonly channels: number;
}

/** A media host without an engine: sources play by the given clock into memory, and pictures are kept. It has no connections. */
export interface VirtualMediaHost extends MediaHost {
  /** What the sources have sent, silence included, in the order in which they were made. */
  readonly sent: readonly { readonly sampleRate: number; readonly channels: number; readonly samples: Int16Array }[];
  /** The pictures of each video source, in the order in which the sources were made. */
  readonly pictures: readonly (readonly SentPicture[])[];
  /** Loses every source, as the death of a real engine's process does. It is back at `retryAt`, by default at once. */
  die(death?: Partial<HostDeath>): void;
}

/**
 * A media host in memory: the queues, cushions, fades and pacing of the real one, on the given clock.
 *
 * @example
 * const host = virtualMediaHost(new VirtualClock());
 * @throws TypeError for options that do not exist
 * @see virtualDevices for devices on it
 */
export function virtualMediaHost(clock: Clock, options: VirtualMediaHostOptions = {}): VirtualMediaHost {
  checkKeys<VirtualMediaHostOptions>('virtualMediaHost', options, {
    takenAfterMs: true,
    onSound: true,
    keep: true,
  });
  const { takenAfterMs = 0, onSound, keep = true } = options;
  const sources: VirtualSource[] = [];
  const videoSources: VirtualVideoSource[] = [];
  const down = new Listeners<HostDeath>();
  const up = new Listeners<undefined>();
  let deaths = 0;
  let failure: SluiceError | undefined;
  const pacer = new DeadlinePacer(clock, () => {
    for (const source of sources) source.report();
  });
  const checkUsable = () => {
    if (failure !== undefined) throw failure;
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
      const source = new VirtualSource(sources.length, queue, sourceOptions, { onSound, keep });
      sources.push(source);
      source.stop = pacer.add(source.play);
      return source;
    },
    createVideoSource() {
      checkUsable();
      const source = new VirtualVideoSource(videoSources.length, clock, takenAfterMs);
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
    onUp: (listener) => up.add(() => listener()),
    get failure() {
      return failure;
    },
    close: async () => pacer.stop(),
    die(death = {}) {
      for (const source of sources) source.close();
      for (const source of videoSources) source.die();
      const { exitCode = null, signal = 'SIGKILL', count = ++deaths, failed = false } = death;
      const retryAt = failed || 'retryAt' in death ? death.retryAt : clock.now();
      const told: HostDeath = { exitCode, signal, count, retryAt, failed };
      if (failed) failure = hostFailed(told);
      down.emit(told);
      if (retryAt !== undefined) clock.at(retryAt, () => up.emit(undefined));
    },
  };
}

interface SoundTaker {
  readonly onSound: ((sound: SentSound) => void) | undefined;
  readonly keep: boolean;
}

class VirtualSource implements HostAudioSource {
  readonly id: number;
  stop = () => {};
  readonly #queue: PlayoutQueue;
  readonly #format: AudioFormat;
  readonly #to: SoundTaker;
  readonly #slices: Int16Array[] = [];
  readonly #listeners = new Listeners<HostAudioProgress>();
  #closed = false;

  constructor(id: number, queue: PlayoutQueue, format: AudioFormat, to: SoundTaker) {
    this.id = id;
    this.#to = to;
    this.#queue = queue;
    this.#format = { sampleRate: format.sampleRate, channels: format.channels };
  }

  get sent() {
    const samples = new Int16Array(this.#slices.length * this.#queue.slice.length);
    for (const [index, slice] of this.#slices.entries()) samples.set(slice, index * slice.length);
    return { ...this.#format, samples };
  }

  play = (slices: number, lateMs: number): void => {
    this.#queue.late(lateMs);
    for (let count = 0; count < slices; count++) if (this.#queue.fill()) this.#send();
  };

  report(): void {
    if (!this.#closed) this.#listeners.emit(this.#queue.progress);
  }

  write(samples: Int16Array): void {
    if (this.#closed) return;
    this.#queue.push(samples);
    while (this.#queue.fillLate()) this.#send();
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

  #send(): void {
    const { slice } = this.#queue;
    if (this.#to.keep) this.#slices.push(slice.slice());
    this.#to.onSound?.({ source: this.id, samples: slice, ...this.#format });
  }
}

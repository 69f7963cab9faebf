import type { Cancel } from '@sluice/core';
import type { DeadlinePacer } from '../deadline-pacer.ts';
import { hostClosed } from '../host-errors.ts';
import { Listeners } from '../listeners.ts';
import type { HostAudioProgress, HostAudioSource, HostAudioSourceOptions } from '../media-host.ts';
import { PlayoutQueue } from '../playout-queue.ts';
import type { EngineAudioData, EngineAudioInput, MediaTrack, Wrtc } from './wrtc.ts';

/** A playout queue that feeds tracks of the engine. */
export class EngineAudioSource implements HostAudioSource {
  readonly id: number;
  /** 1 or 2. */
  readonly channels: number;
  readonly #queue: PlayoutQueue;
  readonly #input: EngineAudioInput;
  readonly #data: EngineAudioData;
  readonly #pacer: DeadlinePacer;
  readonly #listeners = new Listeners<HostAudioProgress>();
  readonly #onClose: () => void;
  #track: MediaTrack | undefined;
  #leave: Cancel | undefined;
  #reported = -1;
  #closed = false;

  constructor(id: number, options: HostAudioSourceOptions, wrtc: Wrtc, pacer: DeadlinePacer, onClose: () => void) {
    this.id = id;
    this.channels = options.channels;
    this.#pacer = pacer;
    this.#onClose = onClose;
    this.#queue = new PlayoutQueue(options);
    this.#input = new wrtc.nonstandard.RTCAudioSource();
    // One slice for the life of the source: the engine copies it before `onData` returns.
    this.#data = {
      samples: this.#queue.slice,
      sampleRate: options.sampleRate,
      bitsPerSample: 16,
      channelCount: options.channels,
      numberOfFrames: options.sampleRate / 100,
    };
    this.#wake();
  }

  /** The same for every connection: the engine keeps each track that it ever made of a source as long as the source. */
  get track(): MediaTrack {
    if (this.#closed) throw hostClosed(`audio source ${this.id}`);
    this.#track ??= this.#input.createTrack();
    return this.#track;
  }

  write(samples: Int16Array): void {
    if (this.#closed) throw hostClosed(`audio source ${this.id}`);
    this.#queue.push(samples);
    while (this.#queue.fillLate()) this.#input.onData(this.#data);
    this.#wake();
  }

  flush(): void {
    this.#queue.flush();
  }

  clear(fadeMs: number): Promise<number> {
    const dropped = this.#queue.clear(fadeMs);
    this.report();
    return Promise.resolve(dropped);
  }

  pause(fadeMs: number): Promise<void> {
    return this.#queue.pause(fadeMs);
  }

  resume(): void {
    this.#queue.resume();
    this.#wake();
  }

  onProgress(listener: (progress: HostAudioProgress) => void): Cancel {
    return this.#listeners.add(listener);
  }

  /** Tells listeners what has changed since the last report. */
  report(): void {
    const progress = this.#queue.progress;
    const sum =
      progress.played + progress.dropped + progress.silence + progress.underruns + progress.heldBack + progress.stalls;
    if (sum === this.#reported) return;
    this.#reported = sum;
    this.#listeners.emit(progress);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.clear(0);
    this.#queue.resume();
    this.report();
    this.#leave?.();
    this.#track?.stop();
    this.#onClose();
  }

  #wake(): void {
    if (this.#leave === undefined && this.#queue.busy) this.#leave = this.#pacer.add(this.#play);
  }

  #play = (slices: number, lateMs: number): void => {
    this.#queue.late(lateMs);
    for (let count = 0; count < slices; count++) {
      if (this.#queue.fill()) this.#input.onData(this.#data);
    }
    if (this.#queue.busy) return;
    this.#leave?.();
    this.#leave = undefined;
  };
}

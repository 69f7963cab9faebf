import { setTimeout as sleep } from 'node:timers/promises';
import { realClock } from '@sluice/core';
import { ffmpegError } from '../errors.ts';
import type { ReadTrack } from './matroska-reader.ts';
import { type LiveReading, Reception } from './reception.ts';

/** If the first one ends sooner, it cannot wait at its address, in milliseconds. Later ones do not begin more often. */
const SOONEST_END_MS = 300;

/** Who receives sound or pictures of a stream. */
export interface LiveReceiver {
  readonly kind: ReadTrack['kind'];
  /** @param bytes Good until the call returns. */
  block(track: ReadTrack, timeMs: number, bytes: Uint8Array): void;
  /** Told of somebody who came and sent no stream, if no other receiver is. */
  report(error: Error): void;
  end(): void;
  fail(error: Error): void;
}

/**
 * One ffmpeg for all who receive a stream: it begins with the first, and is killed when the last has left. Never held back: what nobody takes
 * is lost here or behind, not at the server.
 */
export class LiveReception {
  readonly #reading: LiveReading;
  readonly #receivers = new Set<LiveReceiver>();
  #current: Reception | undefined;

  constructor(reading: LiveReading) {
    this.#reading = reading;
  }

  /** Returns a function by which the receiver leaves. */
  join(receiver: LiveReceiver): () => void {
    this.#receivers.add(receiver);
    if (this.#current === undefined) void this.#receive();
    else if (this.#current.tracks !== undefined) this.#refuse(receiver, this.#current.tracks);
    return () => {
      if (this.#receivers.delete(receiver) && this.#receivers.size === 0) this.#stop();
    };
  }

  #stop(): void {
    this.#current?.stop();
    this.#current = undefined;
  }

  /** Until it has ended, or somebody who was waited for has sent. Those who come behind that have one of their own. */
  async #receive(): Promise<void> {
    for (let canWait = false; ; ) {
      const began = realClock.now();
      const reception = new Reception(this.#reading, {
        tracks: (tracks) => {
          for (const receiver of this.#receivers) this.#refuse(receiver, tracks);
        },
        block: (track, timeMs, bytes) => {
          for (const receiver of this.#receivers)
            if (receiver.kind === track.kind) receiver.block(track, timeMs, bytes);
        },
      });
      this.#current = reception;
      const failure = await reception.ended;
      if (this.#current !== reception) return;
      const waits = this.#reading.listen && reception.tracks === undefined && !reception.missing;
      const soonerMs = SOONEST_END_MS - (realClock.now() - began);
      canWait ||= soonerMs <= 0;
      if (failure === undefined || !waits || !canWait) return this.#tell(failure);
      const [one] = this.#receivers;
      one?.report(failure);
      if (soonerMs > 0) await sleep(soonerMs);
      if (this.#current !== reception) return;
    }
  }

  /** Tells who waits for what the stream does not have. */
  #refuse(receiver: LiveReceiver, tracks: readonly ReadTrack[]): void {
    if (tracks.some(({ kind }) => kind === receiver.kind)) return;
    this.#receivers.delete(receiver);
    if (this.#receivers.size === 0) this.#stop();
    const missing = receiver.kind === 'audio' ? 'is no sound' : 'are no pictures';
    receiver.fail(ffmpegError('SLUICE_FFMPEG_FAILED', `there ${missing} in ${this.#reading.input.name}`));
  }

  #tell(failure: Error | undefined): void {
    this.#current = undefined;
    for (const receiver of [...this.#receivers]) {
      this.#receivers.delete(receiver);
      if (failure === undefined) receiver.end();
      else receiver.fail(failure);
    }
  }
}

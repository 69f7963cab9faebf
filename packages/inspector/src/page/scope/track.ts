// What a scoped link sounds and looks like: the last ten seconds as columns, as samples, as a picture; and listening to it.

import type { MediaPacket } from '../../protocol/media-packet.ts';
import { monoOf } from './mono-of.ts';
import { SPECTRUM_ROWS, Spectrum } from './spectrum.ts';

/** Columns in a second, and those that are kept. */
export const COLUMN_RATE = 50;
export const KEPT_COLUMNS = 10 * COLUMN_RATE;

/** A fiftieth of a second. */
export interface TrackColumn {
  /** Lowest and highest sample, -1 to 1. */
  readonly low: number;
  readonly high: number;
  /** Loudness by frequency; undefined where only the envelope is known. */
  readonly spectrum: Uint8Array | undefined;
  /** Media is missing here. */
  readonly gap: boolean;
  /** The epoch that begins here; undefined within one. */
  readonly epoch: number | undefined;
  /** Media time, in microseconds. */
  readonly timestamp: number;
}

const EMPTY = new Uint8Array(SPECTRUM_ROWS);

/** The last ten seconds of a link, as they are drawn. */
export class Track {
  columns: TrackColumn[] = [];
  /** Of the sound, in Hz; 0 until some came. */
  rate = 0;
  channels = 0;
  #epoch: number | undefined;
  #rest = new Float32Array(0);
  #spectrum = new Spectrum();

  take(packet: MediaPacket): void {
    if (packet.gap > 0) this.#leaveGap(packet);
    if (packet.kind === 'sound') this.#takeSound(packet);
    else if (packet.kind === 'peaks') this.#takePeaks(packet);
  }

  #takeSound(packet: MediaPacket): void {
    if (packet.rate !== this.rate || packet.channels !== this.channels) this.#spectrum = new Spectrum();
    this.rate = packet.rate;
    this.channels = packet.channels;
    const mono = monoOf(packet);
    const all = new Float32Array(this.#rest.length + mono.length);
    all.set(this.#rest);
    all.set(mono, this.#rest.length);
    const size = Math.round(this.rate / COLUMN_RATE);
    let at = 0;
    for (; at + size <= all.length; at += size) {
      const part = all.subarray(at, at + size);
      this.#spectrum.push(part);
      let [low, high] = [1, -1];
      for (const sample of part) {
        if (sample < low) low = sample;
        if (sample > high) high = sample;
      }
      const timestamp = packet.timestamp + (1e6 * (at - this.#rest.length)) / this.rate;
      this.#add({ low, high, spectrum: this.#spectrum.column(), gap: false, timestamp }, packet.epoch);
    }
    this.#rest = all.slice(at);
  }

  #takePeaks({ payload, rate, epoch, timestamp }: MediaPacket): void {
    const pairs = new Int16Array(payload.buffer as ArrayBuffer, payload.byteOffset, payload.length / 2);
    const step = 2 * Math.round(rate / COLUMN_RATE);
    for (let at = 0; at < pairs.length; at += step) {
      const part = pairs.subarray(at, at + step);
      const low = Math.min(...part) / 32_768;
      const high = Math.max(...part) / 32_768;
      this.#add({ low, high, spectrum: undefined, gap: false, timestamp: timestamp + (1e6 * at) / 2 / rate }, epoch);
    }
  }

  #leaveGap({ gap, epoch, timestamp }: MediaPacket): void {
    this.#spectrum.reset();
    this.#rest = new Float32Array(0);
    const count = Math.min(Math.max(1, Math.round((gap / 1e6) * COLUMN_RATE)), KEPT_COLUMNS);
    for (let index = 0; index < count; index++)
      this.#add({ low: 0, high: 0, spectrum: EMPTY, gap: true, timestamp: timestamp - gap }, epoch);
  }

  #add(column: Omit<TrackColumn, 'epoch'>, epoch: number): void {
    const begins = this.#epoch !== undefined && this.#epoch !== epoch;
    this.#epoch = epoch;
    this.columns.push({ ...column, epoch: begins ? epoch : undefined });
    if (this.columns.length > KEPT_COLUMNS) this.columns.shift();
  }
}

import { type Cancel, type Clock, type GlitchCounts, sleep, WriteRecord } from '@sluice/core';
import { Listeners } from '../../host/listeners.ts';
import type { HostAudioProgress, HostAudioSource } from '../../host/media-host.ts';
import { deviceDestroyed, deviceOverflow } from '../device-errors.ts';
import type { DeviceUse } from '../device-use.ts';
import { DeviceUses } from '../device-uses.ts';
import type { AudioInput } from './audio-input.ts';
import { FirstMedia } from './first-media.ts';
import { HostFeed, type HostFeedOptions } from './host-feed.ts';
import type { PlayedLevel } from './played-level.ts';
import { PlayoutGlitches } from './playout-glitches.ts';

export interface PlayoutLineOptions extends HostFeedOptions {
  /** For messages. */
  readonly name: string;
  /** How far a writer may be ahead of playing before its writes wait, in milliseconds. */
  readonly capacityMs: number;
  readonly clock: Clock;
}

/** Counted in samples per channel since the device was made, never estimated. */
export interface PlayoutCounters extends HostAudioProgress {
  /** What `writeFrames` has taken, be it played, waiting or dropped. */
  readonly written: number;
}

/** More than this before a write is a writer that waits for nothing, in milliseconds. */
const LONGEST_QUEUE_MS = 60_000;
/**
 * How long the engine keeps a sample, in milliseconds: it sends packets of two slices, and by its own clock, which far
 * sides compare with that of pictures, they were recorded when the second one came.
 */
const PACKET_WAIT_MS = 10;

/**
 * What microphones and custom sources have in common: samples go to the host's queue at once, and every write is
 * followed until its last sample was played or dropped. Only the first media may be held back here, while a far side is
 * being connected, at most 10 s. After that media time passes whether or not anybody listens.
 */
export class PlayoutLine implements AudioInput {
  readonly #options: PlayoutLineOptions;
  readonly #feed: HostFeed;
  readonly #changes = new Listeners<PlayoutCounters>();
  readonly #uses = new DeviceUses(() => this.#openGate());
  readonly #records: WriteRecord[] = [];
  readonly #stopWatching: Cancel;
  #written = 0;
  readonly #first: FirstMedia;
  readonly #glitches = new PlayoutGlitches();
  #played = 0;
  /** Where the newest media that the engine was given begins and ends, when it was, and what had left by then. */
  #handed = { from: 0, to: 0, at: Number.NEGATIVE_INFINITY, left: 0 };
  #lastPlayedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(options: PlayoutLineOptions) {
    this.#options = options;
    this.#feed = new HostFeed(options, this.#progressed);
    this.#first = new FirstMedia(options.clock, (held) => {
      for (const samples of held) this.#feed.write(samples);
    });
    this.#stopWatching = options.host.onDown(() => this.#renew());
  }

  get source(): HostAudioSource {
    this.#checkOpen();
    return this.#feed.source;
  }

  get continuous(): boolean {
    return this.#options.autoSilence;
  }

  get lastPlayedAt(): number {
    return this.#lastPlayedAt;
  }

  get capacityMs(): number {
    return this.#options.capacityMs;
  }

  /** Whether a client sends this device. */
  get active(): boolean {
    return this.#uses.any;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Written media that was neither played nor dropped, in milliseconds. */
  get queuedMs(): number {
    return this.#closed ? 0 : ((this.#written - this.#position) * 1000) / this.#options.sampleRate;
  }

  /** The sample that leaves now: moved on by the clock from slice to slice, never beyond what the engine was given. */
  get playoutPosition(): number {
    const { from, to, at, left } = this.#handed;
    const passed = this.#options.clock.now() - at - PACKET_WAIT_MS;
    return Math.min(to, Math.max(left, from + (passed * this.#options.sampleRate) / 1000));
  }

  get counters(): PlayoutCounters {
    const counters = this.#feed.counters;
    return { ...counters, dropped: counters.dropped + this.#first.dropped, written: this.#written };
  }

  get glitches(): GlitchCounts {
    return this.#glitches.counts(this.#feed.counters, this.#options);
  }

  get #position(): number {
    return this.#first.dropped + this.#feed.position;
  }

  /**
   * Takes the samples over. Throws when more than a minute waits already. `patient`: as the first media it waits also
   * for a first client, not only for a client's far side.
   */
  write(samples: Int16Array, patient = false): WriteRecord {
    this.#checkOpen();
    const { name, channels, sampleRate } = this.#options;
    const queued = this.queuedMs;
    if (queued > LONGEST_QUEUE_MS) throw deviceOverflow(name, queued, LONGEST_QUEUE_MS);
    const frames = samples.length / channels;
    if (this.#glitches.away) this.#glitches.wrote(this.#options.clock.now());
    const record = new WriteRecord(frames, this.#written, this.#written + frames, sampleRate);
    this.#written += frames;
    this.#records.push(record);
    if (this.#uses.heard) record.heard();
    if (patient) this.#first.bePatient();
    if (this.#first.keep(samples, frames)) this.#openGate();
    else this.#feed.write(samples);
    this.#advance();
    return record;
  }

  /** No more is coming for now: a last part of less than 10 ms is played, padded with silence. */
  flush(): void {
    this.#checkOpen();
    this.#feed.flush();
  }

  /** Drops what waits, fading out. Returns samples per channel that were dropped. */
  async clear(fadeMs: number): Promise<number> {
    this.#checkOpen();
    const records = [...this.#records];
    for (const record of records) record.clearing = true;
    const end = this.#written;
    let dropped = this.#first.drop();
    try {
      dropped += await this.#feed.clear(fadeMs);
    } catch {
      // The engine died or the device was closed meanwhile, and all of this was settled then.
      return dropped;
    }
    for (const record of records) {
      record.settle(end - dropped);
      this.#forget(record);
    }
    this.#advance();
    return dropped;
  }

  /** Stands still and keeps what waits. Resolves when the last sample has left. */
  async pause(fadeMs: number): Promise<void> {
    this.#checkOpen();
    try {
      await this.#feed.pause(fadeMs);
    } catch {
      // The engine died: the new one begins paused. Or the device was closed meanwhile.
      return;
    }
    const { clock, sampleRate } = this.#options;
    const { from, to, at } = this.#handed;
    const left = at + PACKET_WAIT_MS + ((to - from) * 1000) / sampleRate - clock.now();
    if (left > 0) await sleep(clock, left);
  }

  resume(): void {
    this.#checkOpen();
    this.#feed.resume();
  }

  onProgress(listener: (counters: PlayoutCounters) => void): Cancel {
    return this.#changes.add(listener);
  }

  openLevel(): PlayedLevel {
    return this.#feed.openLevel();
  }

  use(onGone?: () => void): DeviceUse {
    this.#checkOpen();
    return this.#uses.add(onGone);
  }

  close(): void {
    this.#close(this.#position);
  }

  /** Nothing after `position` was played. */
  #close(position: number): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#first.close();
    this.#stopWatching();
    this.#feed.close();
    const tellUsers = this.#uses.close();
    for (const record of this.#records.splice(0)) record.settle(position);
    this.#changes.clear();
    tellUsers();
  }

  #checkOpen(): void {
    if (this.#closed) throw deviceDestroyed(this.#options.name);
  }

  /** The engine died with what it had queued. Held media is still here. */
  #renew(): void {
    const position = this.#position;
    const survives = this.#written - this.#first.frames;
    this.#glitches.died(position < survives, this.#options.clock.now());
    try {
      this.#feed.renew();
    } catch {
      // The engine stays down: writers learn it as `SLUICE_DEVICE_DESTROYED`, and what they wait for settles.
      // It counts all that was lost as dropped by now: what was played is less.
      return this.#close(position);
    }
    for (const record of [...this.#records]) {
      if (record.start >= survives) continue;
      record.settle(position);
      this.#forget(record);
    }
  }

  #progressed = (): void => {
    const { played } = this.#feed;
    if (played !== this.#played) {
      this.#lastPlayedAt = this.#options.clock.now();
      this.#glitches.played(this.#lastPlayedAt);
    }
    this.#played = played;
    this.#advance();
    this.#hand();
    if (this.#changes.size > 0) this.#changes.emit(this.counters);
  };

  #advance(): void {
    const capacity = (this.#options.capacityMs * this.#options.sampleRate) / 1000;
    const position = this.#position;
    let kept = 0;
    for (const record of this.#records) if (!record.advance(position, capacity)) this.#records[kept++] = record;
    this.#records.length = kept;
  }

  /** Notes what the engine was given last: 10 ms, or the last of several slices that were late. */
  #hand(): void {
    const position = this.#position;
    const { to } = this.#handed;
    if (position === to) return;
    const from = Math.max(to, position - this.#options.sampleRate / 100);
    this.#handed = { from, to: position, at: this.#options.clock.now(), left: this.playoutPosition };
  }

  #forget(record: WriteRecord): void {
    const index = this.#records.indexOf(record);
    if (index >= 0) this.#records.splice(index, 1);
  }

  #openGate(): void {
    if (this.#uses.heard) for (const record of this.#records) record.heard();
    this.#first.look(this.#uses.states);
  }
}

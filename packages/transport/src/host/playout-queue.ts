import type { HostAudioProgress } from './media-host.ts';
import { MissingMedia } from './missing-media.ts';
import { PauseFade } from './pause-fade.ts';
import { SampleQueue } from './sample-queue.ts';

export interface PlayoutQueueOptions {
  /** Hz; a multiple of 100, so that 10 ms are whole samples. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Silence whenever nothing is queued, instead of nothing. */
  readonly autoSilence: boolean;
  /** Media kept back before playing starts, or starts again after running dry, in milliseconds. */
  readonly cushionMs: number;
  /** What the cushion begins with, at most `cushionMs`. Default: `cushionMs`, which then never changes. */
  readonly firstCushionMs?: number;
}

/** Slices that are held back, waiting for a late writer, before silence is played instead: more of them behind a small cushion. */
const PATIENCE = 3;
/** A tick that is later than this is heard: jitter buffers of receivers even out less, in milliseconds. */
const LATE_MS = 60;
/** Media that comes back this many slices after running dry belongs to the same utterance: it was an underrun. */
const SAME_UTTERANCE = 100;
/** A writer that was in time for so many slices is not cushioned for what it once was. */
const CALM = 3_000;

/**
 * Samples on their way to the engine, cut into 10 ms slices. Filling a slice is the moment at which samples count as
 * played. Arrays that were pushed are kept as they are, not copied.
 *
 * Running dry: up to 30 ms the slice is held back, which the receiver's jitter buffer absorbs, so that a writer that is
 * a little slower than real time stays continuous; what was held back is played the moment it is written (`fillLate`),
 * so that lateness does not become delay. After that the tail is padded and silence is played until the cushion has
 * filled up again, or as long as the cushion lasts, whichever is first. Without a cushion a slice may also be one ahead
 * of the schedule: live media does not wait for the next tick.
 *
 * A cushion may begin smaller than it may become: each slice that the writer is late adds to it, for the next time that
 * playing starts. Until then so much longer is waited for the writer as it was not ahead.
 */
export class PlayoutQueue {
  /** 10 ms, interleaved; rewritten by each `fill`. It owns its buffer. */
  readonly slice: Int16Array;
  readonly #channels: number;
  readonly #autoSilence: boolean;
  readonly #firstCushion: number;
  readonly #mostCushion: number;
  /** In slices, as the next four are. */
  #cushion: number;
  #calm = 0;
  /** The cushion with which playing began. */
  #kept = 0;
  #patience = PATIENCE;
  readonly #queue = new SampleQueue();
  #state: 'idle' | 'filling' | 'playing' = 'idle';
  #waited = 0;
  /** Slices due by the schedule less slices played: over 0 while late, -1 while ahead. */
  #due = 0;
  readonly #mostAhead: number;
  #flushed = false;
  #sinceDry = SAME_UTTERANCE;
  #played = 0;
  #dropped = 0;
  #silence = 0;
  #underruns = 0;
  #heldBack = 0;
  #stalls = 0;
  readonly #missing = new MissingMedia();
  readonly #pause = new PauseFade();
  /** Who waits until nothing more is played. */
  #still: (() => void)[] = [];

  constructor(options: PlayoutQueueOptions) {
    const perSlice = (options.sampleRate / 100) * options.channels;
    this.slice = new Int16Array(perSlice);
    this.#channels = options.channels;
    this.#autoSilence = options.autoSilence;
    this.#mostCushion = Math.ceil(options.cushionMs / 10);
    this.#firstCushion = Math.ceil((options.firstCushionMs ?? options.cushionMs) / 10);
    this.#cushion = this.#firstCushion;
    this.#mostAhead = options.cushionMs === 0 ? 1 : 0;
  }

  /** Samples per channel that wait. */
  get queued(): number {
    return this.#queue.length / this.#channels;
  }

  /** Whether a `fill` has something to play or to count. */
  get busy(): boolean {
    return this.#autoSilence || this.#queue.length > 0 || this.#state !== 'idle' || this.#sinceDry < SAME_UTTERANCE;
  }

  get progress(): HostAudioProgress {
    return {
      played: this.#played / this.#channels,
      dropped: this.#dropped / this.#channels,
      silence: this.#silence / this.#channels,
      underruns: this.#underruns,
      heldBack: this.#heldBack,
      stalls: this.#stalls,
      missing: this.#missing.total / this.#channels,
    };
  }

  push(samples: Int16Array): void {
    if (samples.length === 0) return;
    if (this.#state === 'playing') this.#wasKept();
    this.#queue.push(samples);
    this.#flushed = false;
    if (this.#state === 'playing' && this.#waited > 0) this.#wasLate(this.#waited);
    if (this.#state !== 'idle') return;
    this.#state = 'filling';
    this.#waited = 0;
    if (this.#sinceDry >= SAME_UTTERANCE) return this.#missing.over();
    this.#underruns++;
    this.#missing.cameBack();
    this.#wasLate(this.#mostCushion);
  }

  /** What is queued is the end of an utterance: it is played to its last sample, and running dry then is no underrun. */
  flush(): void {
    this.#flushed = true;
    this.#sinceDry = SAME_UTTERANCE;
    this.#missing.over();
  }

  /** Drops what is queued but the next `fadeMs`, which fade out. Returns samples dropped per channel. */
  clear(fadeMs: number): number {
    const { paused, left } = this.#pause;
    const fade = paused ? left : this.#state === 'playing' ? this.#samplesIn(fadeMs) : 0;
    const kept = Math.min(fade * this.#channels, this.#queue.length);
    const dropped = this.#queue.length - kept;
    const tail = new Int16Array(kept);
    this.#queue.take(tail, kept);
    if (!paused) ramp(tail, this.#channels);
    this.#queue.clear();
    if (kept > 0) this.#queue.push(tail);
    this.#dropped += dropped;
    if (kept === 0 && (paused || this.#state === 'filling')) this.#state = 'idle';
    this.#missing.settle();
    if (kept === 0 && paused) this.#pause.forget();
    this.flush();
    return dropped / this.#channels;
  }

  /**
   * Fades out over `fadeMs` from the next slice on, then plays silence and keeps what is queued, whatever comes. The samples
   * of the fade count as played. Resolves when it stands still, or goes on after all.
   */
  pause(fadeMs: number): Promise<void> {
    if (!this.#pause.paused) this.#pause.begin(this.#state === 'playing' ? this.#samplesIn(fadeMs) : 0);
    return new Promise((resolve) => {
      this.#still.push(resolve);
      this.#settlePause();
    });
  }

  /** Goes on with the next sample, fading in as long as it faded out. */
  resume(): void {
    if (!this.#pause.paused) return;
    this.#pause.end();
    for (const resolve of this.#still.splice(0)) resolve();
    if (this.#state !== 'playing' || this.#flushed || this.#queue.length >= this.slice.length) return;
    // Too little to go on with: as at a beginning, the cushion comes first.
    this.#state = 'filling';
    this.#waited = 0;
  }

  /** The next ticks come `lateMs` after their time, because the thread stood still: what waited meanwhile is heard late. */
  late(lateMs: number): void {
    if (lateMs <= LATE_MS || this.#state !== 'playing' || this.#queue.length === 0 || this.#pause.paused) return;
    this.#stalls++;
    this.#missing.add(Math.round((lateMs * this.slice.length) / 10));
  }

  /** A tick: writes the next 10 ms into `slice`. False: nothing is to be sent this time. */
  fill(): boolean {
    this.#due++;
    if (this.#due <= 0) return false;
    if (this.#pause.paused) return this.#fillPaused();
    if (this.#state === 'filling' && this.#isReady()) this.#begin();
    if (this.#state !== 'playing') return this.#fillSilence();
    if (this.#queue.length >= this.slice.length) {
      this.#play(this.slice.length);
      return true;
    }
    if (!this.#flushed && this.#waited < this.#patience) {
      this.#waited++;
      this.#heldBack++;
      return false;
    }
    return this.#fillTail();
  }

  /** Between ticks, after a `push`: writes what is late, or may be ahead, into `slice`. False: nothing is to be sent. */
  fillLate(): boolean {
    if (this.#pause.paused) return false;
    if (this.#state === 'filling' && this.#mostAhead > 0) this.#begin();
    if (this.#state !== 'playing' || this.#due + this.#mostAhead <= 0 || this.#queue.length < this.slice.length)
      return false;
    this.#play(this.slice.length);
    return true;
  }

  #isReady(): boolean {
    const wanted = Math.max(1, this.#cushion) * this.slice.length;
    return this.#flushed || this.#queue.length >= wanted || ++this.#waited > this.#cushion;
  }

  #begin(): void {
    this.#state = 'playing';
    this.#kept = this.#cushion;
    this.#wasKept();
  }

  /** A writer may be as late as with the whole cushion: what neither was kept back nor is ahead now is waited for. */
  #wasKept(): void {
    const kept = Math.max(this.#kept, Math.floor(this.#queue.length / this.slice.length));
    this.#patience = PATIENCE + Math.max(0, this.#mostCushion - kept);
  }

  #wasLate(slices: number): void {
    this.#cushion = Math.min(this.#mostCushion, this.#cushion + slices);
    this.#calm = 0;
  }

  #play(length: number): void {
    this.#queue.take(this.slice, length);
    this.#pause.apply(this.slice, length, this.#channels);
    this.#played += length;
    this.#due--;
    this.#waited = 0;
    this.#missing.settle();
    if (++this.#calm === CALM) this.#cushion = this.#firstCushion;
  }

  #fillTail(): boolean {
    const tail = this.#queue.length;
    // The wait is over: what comes now belongs to another moment.
    this.#due = 1;
    this.#state = 'idle';
    this.#sinceDry = this.#flushed ? SAME_UTTERANCE : 0;
    const held = (this.#patience + 1) * this.slice.length;
    if (tail > 0) {
      this.slice.fill(0, tail);
      this.#play(tail);
      this.#silence += this.slice.length - tail;
    }
    if (!this.#flushed) this.#missing.ranDry(held - tail);
    return tail > 0 || this.#fillSilence(0);
  }

  /** The rest of the fade, then silence. No time passes for what is kept. */
  #fillPaused(): boolean {
    const rest = Math.min(this.#pause.left * this.#channels, this.#queue.length, this.slice.length);
    this.slice.fill(0, rest);
    if (rest > 0) this.#play(rest);
    this.#settlePause();
    this.#due = 0;
    if (rest === 0 && !this.#autoSilence) return false;
    this.#silence += this.slice.length - rest;
    return true;
  }

  #settlePause(): void {
    if (this.#queue.length === 0) this.#pause.stand();
    if (this.#pause.left === 0) for (const resolve of this.#still.splice(0)) resolve();
  }

  #samplesIn(ms: number): number {
    return Math.round((ms * this.slice.length) / (10 * this.#channels));
  }

  /** @param passed Samples of time that pass without media and are not counted yet. */
  #fillSilence(passed = this.slice.length): boolean {
    this.#due = 0;
    this.#missing.passed(passed);
    if (this.#sinceDry < SAME_UTTERANCE) this.#sinceDry++;
    if (!this.#autoSilence) return false;
    this.slice.fill(0);
    this.#silence += this.slice.length;
    return true;
  }
}

/** Fades to silence, linearly, over the whole array. */
function ramp(samples: Int16Array, channels: number): void {
  const frames = samples.length / channels;
  for (let index = 0; index < samples.length; index++) {
    const frame = Math.floor(index / channels);
    samples[index] = Math.round(samples[index]! * (1 - (frame + 1) / frames));
  }
}

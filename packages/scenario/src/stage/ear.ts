import { AudioFrame, type Cancel, micros } from '@sluice/core';
import type { Recognizer, RecognizerSession, Word } from '@sluice/core/voice';
import { SampleLine } from '../room/sample-line.ts';

/** What is louder is sound, in sample units: what an Opus call leaves of silence stays below. */
export const AUDIBLE = 250;
/** A silence that ends a stretch of sound, in milliseconds: longer than those between words and sentences. */
const PAUSE_MS = 400;

/** What is looked at before a hole, in milliseconds. */
const EDGE_MS = 20;

/** A stretch of sound, on the timeline in milliseconds; `endMs` grows while it goes on. */
export interface Stretch {
  readonly startMs: number;
  endMs: number;
}

/** A word that the ear's own recogniser understood, on the timeline in milliseconds. */
export interface EarWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** What one person hears of the agent: every sample, where sound begins and ends, and with a recogniser the words. */
export class Ear {
  readonly line: SampleLine;
  readonly stretches: Stretch[] = [];
  /** Where samples never came while there was sound. */
  readonly holes: Stretch[] = [];
  readonly #listeners = new Set<() => void>();
  #session: RecognizerSession | undefined;
  #track: <T>(work: Promise<T>) => Promise<T> = (work) => work;
  #said: EarWord[] = [];
  #partial: EarWord[] = [];
  #quiet = true;

  constructor(sampleRate: number) {
    this.line = new SampleLine(sampleRate);
  }

  /** The words so far, those of a sentence that goes on included. */
  get words(): readonly EarWord[] {
    return [...this.#said, ...this.#partial];
  }

  /** Whether it has a recogniser. */
  get understands(): boolean {
    return this.#session !== undefined;
  }

  /** Understands from now on. `track` holds the clock while the recogniser works. */
  async understand(recognizer: Recognizer, track: <T>(work: Promise<T>) => Promise<T>): Promise<void> {
    const session = await recognizer.open();
    this.#session = session;
    this.#track = track;
    void this.#read(session);
  }

  /** Takes what is heard from an index of the timeline on. */
  hear(at: number, samples: Int16Array): void {
    const { sampleRate } = this.line;
    const toMs = (index: number) => (index * 1_000) / sampleRate;
    const endMs = toMs(this.line.length);
    if (at > this.line.length && this.firstSound(endMs - EDGE_MS, endMs) !== undefined)
      this.holes.push({ startMs: endMs, endMs: toMs(at) });
    this.line.write(at, samples);
    const first = samples.findIndex(isAudible);
    const last = this.stretches.at(-1);
    if (first >= 0) {
      const soundMs = toMs(at + samples.findLastIndex(isAudible) + 1);
      if (last !== undefined && toMs(at + first) - last.endMs < PAUSE_MS) last.endMs = soundMs;
      else this.stretches.push({ startMs: toMs(at + first), endMs: soundMs });
    }
    this.#recognize(at, samples);
    for (const listener of this.#listeners) listener();
  }

  /** Called after each piece that was heard. */
  onHeard(listener: () => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Where the first sound is between two moments; undefined if there is none. */
  firstSound(fromMs: number, toMs: number): number | undefined {
    const index = this.line.between(fromMs, toMs).findIndex(isAudible);
    return index < 0 ? undefined : fromMs + (index * 1_000) / this.line.sampleRate;
  }

  /** Where the last sound ends between two moments. */
  lastSound(fromMs: number, toMs: number): number | undefined {
    const index = this.line.between(fromMs, toMs).findLastIndex(isAudible);
    return index < 0 ? undefined : fromMs + ((index + 1) * 1_000) / this.line.sampleRate;
  }

  async close(): Promise<void> {
    await this.#session?.close();
  }

  #recognize(at: number, samples: Int16Array): void {
    const session = this.#session;
    if (session === undefined) return;
    const { sampleRate } = this.line;
    const nowMs = ((at + samples.length) * 1_000) / sampleRate;
    const last = this.stretches.at(-1);
    const isQuiet = last === undefined || nowMs - last.endMs >= PAUSE_MS;
    if (isQuiet && this.#quiet) return;
    const timestamp = micros(Math.round((at * 1_000_000) / sampleRate));
    void session.write(new AudioFrame({ samples, sampleRate, channels: 1, timestamp }));
    if (isQuiet) void this.#track(session.flush()).catch(() => {});
    this.#quiet = isQuiet;
  }

  async #read(session: RecognizerSession): Promise<void> {
    for await (const event of session) {
      const words = event.words.map(onTimeline);
      if (event.type === 'final') this.#said.push(...words);
      this.#partial = event.type === 'final' ? [] : words;
    }
  }
}

function isAudible(sample: number): boolean {
  return Math.abs(sample) > AUDIBLE;
}

function onTimeline({ text, start, end }: Word): EarWord {
  return { text, startMs: start / 1_000, endMs: end / 1_000 };
}

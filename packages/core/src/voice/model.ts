// What the models of a conversation are: recogniser, synthesizer, language model, speech model, voice-activity detector and
// turn detector, as small sessions, and scripted doubles of each. No media code: no model, no network, no resampling.

import type { Clock } from '../time/clock.ts';

export const voiceKinds = [
  'recognizer',
  'synthesizer',
  'language-model',
  'speech-model',
  'voice-detector',
  'turn-detector',
] as const;
export type VoiceKind = (typeof voiceKinds)[number];

/** The number of this contract. It changes when models of the old one no longer work. */
export const VOICE_CONTRACT = 1;

/** Carries the contract number of a model; the same symbol in every copy of core. */
export const VOICE_MODEL: unique symbol = Symbol.for('sluice.voice-model');

/** What a model hears: rates in hertz and channel counts, the first preferred. */
export interface Accepts {
  readonly sampleRates: readonly number[];
  readonly channels: readonly number[];
}

export interface PrefetchOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PrefetchProgress) => void;
}

/** How far the download of a model has come. */
export interface PrefetchProgress {
  /** Bytes that are here, those of earlier times included. */
  readonly loadedBytes: number;
  /** All bytes. Absent while it is not known. */
  readonly totalBytes?: number;
}

export interface OpenOptions<Settings> {
  /** Closes the session at once when it aborts. */
  readonly signal?: AbortSignal;
  /** Default: the real clock. In a graph, the graph's. */
  readonly clock?: Clock;
  /** Numbers from 0 to 1, for what is left to chance, pauses for example. Default `Math.random`. In a graph, the graph's. */
  readonly random?: () => number;
  /** What may change while it runs; the rest has its defaults. */
  readonly settings?: Partial<Settings>;
  /** Keys and passwords by name; they may not change and appear in no message. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Told when a session goes on with another model, as those of `fallback` and `swappable` do. */
  readonly onSwitch?: (change: ModelSwitch) => void;
}

/** A session went on with another model. */
export interface ModelSwitch {
  readonly kind: VoiceKind;
  /** Their names. */
  readonly from: string;
  readonly to: string;
  /** `fault`: see `error`. `recovered`: back to one that is preferred. `asked`: somebody said so. */
  readonly reason: 'fault' | 'recovered' | 'asked';
  readonly error?: Error;
  /** On the clock of the session, in milliseconds. */
  readonly atMs: number;
}

/**
 * One conversation with a model. Its events are read by one reader, `for await (const event of session)`, which ends when
 * the session is closed and throws a `VoiceError` when the model is lost.
 */
export interface VoiceSession<Item, Event, Settings> extends AsyncIterable<Event> {
  readonly settings: Readonly<Settings>;
  /** Whether it was closed or lost. What it told before may still be read. */
  readonly ended: boolean;
  /**
   * Gives it the next item. A promise comes only while the model has no room; await it before the next one. Samples are
   * read until then and stay the caller's.
   */
  write(item: Item): void | Promise<void>;
  /** Resolves when everything written before has been answered: its events have been told. */
  flush(): Promise<void>;
  /** Changes settings while it runs; they hold for what is written from now on. */
  update(settings: Partial<Settings>): void;
  /** Abandons what was asked in earlier epochs: none of its events is told after this returned. */
  cancel(epoch: number): void;
  /** Gives everything back. Again does nothing. */
  close(): Promise<void>;
}

/** A model of one kind; opened any number of times, each session with a state of its own. */
export interface VoiceModel<Kind extends VoiceKind, Item, Event, Settings> {
  readonly [VOICE_MODEL]: number;
  readonly kind: Kind;
  /** As messages show it: `flite`. */
  readonly name: string;
  /** Loads what it needs ahead of time; `open` does it otherwise. */
  prefetch(options?: PrefetchOptions): Promise<void>;
  /**
   * @throws TypeError for settings that it does not know
   * @throws VoiceError when the model cannot be had; its `category` says what helps
   */
  open(options?: OpenOptions<Settings>): Promise<VoiceSession<Item, Event, Settings>>;
}

/** A kind's model, whatever its settings. */
export function isVoiceModel(value: unknown, kind?: VoiceKind): boolean {
  if (typeof value !== 'object' || value === null || !(VOICE_MODEL in value)) return false;
  return kind === undefined || (value as { kind?: unknown }).kind === kind;
}

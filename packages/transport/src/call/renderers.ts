import type { AudioFrame, Cancel } from '@sluice/core';
import {
  AudioRenderer,
  type AudioRendererCallback,
  type AudioRendererOptions,
  rendererFormat,
} from './audio-renderer.ts';
import { trackOfSource } from './track-name.ts';

/** Who takes frames of a participant's track, and hears when there will be no more. */
export interface AudioTap {
  readonly frame: (frame: AudioFrame) => void;
  readonly end: () => void;
}

interface Entry {
  readonly participantId: string;
  readonly track: string;
  readonly renderer: AudioRenderer;
  readonly end: () => void;
}

/** Everybody inside this process who hears a participant: renderers and sources of graphs. */
export class Renderers {
  readonly #entries = new Map<string, readonly Entry[]>();
  readonly #set = new Map<string, Cancel>();
  readonly #onFault: (error: unknown) => void;

  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  /** The renderer of a participant's source; a new one takes the place of the old. */
  set(participantId: string, callback: AudioRendererCallback, options: AudioRendererOptions): Cancel {
    const { audioSource = 'microphone' } = options;
    const key = `${participantId}/${trackOfSource(audioSource)}`;
    const frame = (frame: AudioFrame) => callback(participantId, frame, audioSource);
    const remove = this.add(participantId, { frame, end: () => {} }, options);
    this.#set.get(key)?.();
    this.#set.set(key, remove);
    return () => {
      remove();
      if (this.#set.get(key) === remove) this.#set.delete(key);
    };
  }

  /** Any number may listen beside each other. */
  add(participantId: string, tap: AudioTap, options: AudioRendererOptions): Cancel {
    const track = trackOfSource(options.audioSource ?? 'microphone');
    const renderer = new AudioRenderer(rendererFormat(options), (frame) => {
      try {
        tap.frame(frame);
      } catch (error) {
        this.#onFault(error);
      }
    });
    const entry: Entry = { participantId, track, renderer, end: tap.end };
    this.#entries.set(participantId, [...(this.#entries.get(participantId) ?? []), entry]);
    return () => {
      const rest = (this.#entries.get(participantId) ?? []).filter((other) => other !== entry);
      if (rest.length === 0) this.#entries.delete(participantId);
      else this.#entries.set(participantId, rest);
    };
  }

  take(participantId: string, track: string, samples: Int16Array, sampleRate: number, channels: number): void {
    const entries = this.#entries.get(participantId);
    if (entries === undefined) return;
    for (const entry of entries) if (entry.track === track) entry.renderer.take(samples, sampleRate, channels);
  }

  /** The participant left. */
  end(participantId: string): void {
    const entries = this.#entries.get(participantId) ?? [];
    this.#entries.delete(participantId);
    for (const key of this.#set.keys()) if (key.startsWith(`${participantId}/`)) this.#set.delete(key);
    for (const entry of entries) entry.end();
  }

  /** The call is over. */
  clear(): void {
    for (const participantId of [...this.#entries.keys()]) this.end(participantId);
  }
}

import type { AudioFrame, Cancel, Clock } from '@sluice/core';
import { trackOfAudio } from '../track-name.ts';
import {
  AudioRenderer,
  type AudioRendererCallback,
  type AudioRendererOptions,
  rendererFormat,
} from './audio-renderer.ts';
import { TrackTaps } from './track-taps.ts';

/** Who takes frames of a participant's track, and hears when there will be no more. */
export interface AudioTap {
  readonly frame: (frame: AudioFrame) => void;
  readonly end: () => void;
}

interface Entry {
  readonly renderer: AudioRenderer;
  readonly end: () => void;
  readonly close: () => void;
}

/** Everybody inside this process who hears a participant: renderers and sources of graphs. */
export class AudioRenderers {
  readonly #taps = new TrackTaps<Entry>();
  readonly #clock: Clock;
  readonly #onFault: (error: unknown) => void;

  constructor(clock: Clock, onFault: (error: unknown) => void) {
    this.#clock = clock;
    this.#onFault = onFault;
  }

  /** The renderer of a participant's source; a new one takes the place of the old. */
  set(participantId: string, callback: AudioRendererCallback, options: AudioRendererOptions): Cancel {
    const { audioSource = 'microphone' } = options;
    const frame = (frame: AudioFrame) => callback(participantId, frame, audioSource);
    return this.#taps.set(participantId, trackOfAudio(audioSource), this.#entry({ frame, end: () => {} }, options));
  }

  /** Any number may listen beside each other. */
  add(participantId: string, tap: AudioTap, options: AudioRendererOptions): Cancel {
    const track = trackOfAudio(options.audioSource ?? 'microphone');
    return this.#taps.add(participantId, track, this.#entry(tap, options));
  }

  take(participantId: string, track: string, samples: Int16Array, sampleRate: number, channels: number): void {
    for (const { renderer } of this.#taps.of(participantId, track)) renderer.take(samples, sampleRate, channels);
  }

  /** The participant left. */
  end(participantId: string, mayReturn = false): void {
    this.#taps.end(participantId, mayReturn);
  }

  /** The call is over. */
  clear(): void {
    this.#taps.clear();
  }

  #entry(tap: AudioTap, options: AudioRendererOptions): Entry {
    const renderer = new AudioRenderer(rendererFormat(options), this.#clock, (frame) => {
      try {
        tap.frame(frame);
      } catch (error) {
        this.#onFault(error);
      }
    });
    const end = () => {
      renderer.end();
      tap.end();
    };
    return { renderer, end, close: () => renderer.close() };
  }
}

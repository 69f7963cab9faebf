// Bytes to media and back: WAV, Y4M, images, MJPEG, raw pictures, and the files and streams that hold them. When
// frames flow is for sources and sinks to say.

import { type AudioFormat, AudioFrame, invalidArgument, type Micros, outOfRange, samplesToMicros } from '@sluice/core';

/** The lengths that sources cut their frames to, in milliseconds. */
const frameMsRange = { min: 1, max: 1_000 } as const;

export function checkFrameMs(frameMs: number): void {
  if (typeof frameMs !== 'number' || Number.isNaN(frameMs))
    throw invalidArgument('frameMs', 'a number of milliseconds', frameMs);
  if (frameMs < frameMsRange.min || frameMs > frameMsRange.max)
    throw outOfRange('frameMs', `${frameMsRange.min} to ${frameMsRange.max} ms`, frameMs);
}

/**
 * Cuts an endless run of samples into frames of `frameMs`. Boundaries and timestamps come from the sample index, so
 * that 11.025 kHz in frames of 20 ms (220.5 samples) neither drifts nor loses a sample.
 */
export class FrameTimeline {
  readonly format: AudioFormat;
  readonly #samplesPerFrame: number;
  #frames = 0;
  #sample = 0;

  constructor(format: AudioFormat, frameMs: number) {
    this.format = format;
    this.#samplesPerFrame = (format.sampleRate * frameMs) / 1_000;
  }

  /** Index of the next frame's first sample. */
  get sample(): number {
    return this.#sample;
  }

  /** Samples per channel that the next frame takes. */
  get nextLength(): number {
    return Math.round((this.#frames + 1) * this.#samplesPerFrame) - this.#sample;
  }

  /** Makes the next frame, which takes the array over, and gives it back on close. A shorter array is the last one. */
  frame(samples: Int16Array, release?: (samples: Int16Array) => void): AudioFrame {
    const { sampleRate, channels, channelMask } = this.format;
    const timestamp: Micros = samplesToMicros(this.#sample, sampleRate);
    this.#frames++;
    this.#sample += samples.length / channels;
    return new AudioFrame({ samples, sampleRate, channels, channelMask, timestamp, release });
  }
}

import type { Frame } from '../../media/frame.ts';
import type { MediaFormat } from '../../media/media-format.ts';

/** Where a converter puts what it made. */
export interface ConverterTarget {
  accept(frame: Frame): void;
}

/** Stands in a link between unlike formats. */
export interface LinkConverter {
  /** As graphs show it: `resample 48000 -> 16000 Hz`. */
  readonly name: string;
  readonly output: MediaFormat;
  /** Media time that it holds back. */
  readonly latencyMs: number;
  push(frame: Frame, target: ConverterTarget): void;
  /** Emits the tail. */
  flush(target: ConverterTarget): void;
  /** Forgets the past: after an interruption. */
  reset(): void;
  close(): void;
}

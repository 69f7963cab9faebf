import type { Frame } from '../../media/frame.ts';
import type { MediaFormat } from '../../media/media-format.ts';

/** Where a converter puts what it made. */
export interface ConverterTarget {
  accept(frame: Frame): void;
}

/** Stands in a link between unlike formats. */
export interface LinkConverter {
  /** As graphs show it: `48000 -> 16000 Hz`; undefined while there is nothing to convert. */
  readonly name: string | undefined;
  readonly output: MediaFormat;
  /** Goes on with what `former` knows of the sound and holds back, which is then at its end. False if it cannot. */
  follow?(former: LinkConverter): boolean;
  push(frame: Frame, target: ConverterTarget): void;
  /** Emits the tail. */
  flush(target: ConverterTarget): void;
  /** Forgets the past: after an interruption. */
  reset(): void;
  close(): void;
}

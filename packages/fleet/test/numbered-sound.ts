import {
  AudioFrame,
  type Clock,
  createSink,
  type Frame,
  type Graph,
  graph,
  pullSource,
  pushSource,
  type Source,
  samplesToMicros,
} from '@sluice/core';
import type { Observer } from 'rxjs';

const format = { kind: 'audio', sampleRate: 16_000, channels: 1 } as const;
/** Samples of a frame: 20 ms. */
const LENGTH = 320;

/** Frames of 20 ms that each say which one they are, by their samples; read only while there is room. */
export function numbers(count = Number.POSITIVE_INFINITY, first = 0): Source<AudioFrame> {
  let next = first;
  return pullSource<AudioFrame>({ name: 'numbers', format }, () => ({
    read: () => (next < first + count ? numberedFrame(next++) : null),
  }));
}

export function numberedFrame(number: number): AudioFrame {
  const samples = new Int16Array(LENGTH).fill(number);
  return new AudioFrame({ samples, ...format, timestamp: samplesToMicros(number * LENGTH, format.sampleRate) });
}

/** Keeps the frames that come, as long as `open` says; then it waits for `go()`. */
export class Ears {
  readonly frames: AudioFrame[] = [];
  #held: (() => void) | undefined;
  open: boolean;

  constructor(open = true) {
    this.open = open;
  }

  readonly sink = createSink<AudioFrame>({
    name: 'ears',
    open: () => ({ write: (frame) => this.#write(frame), end: () => {} }),
  });

  get numbers(): number[] {
    return this.frames.map(({ samples }) => samples[0]!);
  }

  go(): void {
    this.open = true;
    this.#held?.();
  }

  #write(frame: AudioFrame): void | Promise<void> {
    this.frames.push(frame);
    if (!this.open) return new Promise((go) => (this.#held = go));
  }
}

/** A graph of two nodes. */
export function joined<F extends Frame>(
  name: string,
  source: Source<F>,
  sink: Partial<Observer<F>>,
  options = {},
): Graph {
  const made = graph(name, options);
  made.from(source).to(sink);
  return made;
}

/** The same each 20 ms of a clock; then it ends, or is silent for ever. */
export function numbered(count: number, clock: Clock, stays = false): Source<AudioFrame> {
  return pushSource<AudioFrame>({ name: 'numbered', format }, (destination) => {
    let next = 0;
    let cancel = () => {};
    const start = clock.now();
    const tick = () => {
      if (next === count) {
        if (!stays) destination.complete();
        return;
      }
      cancel = clock.at(start + (next + 1) * 20, tick);
      destination.next(numberedFrame(next++));
    };
    tick();
    return () => cancel();
  });
}

import { AudioFrame } from '../src/media/audio-frame.ts';
import type { Frame } from '../src/media/frame.ts';
import { createSink, type Sink } from '../src/operators/sink.ts';
import { pullSource, pushSource, type Source } from '../src/operators/source.ts';
import type { Clock } from '../src/time/clock.ts';
import { samplesToMicros } from '../src/time/units.ts';

/** 20 ms of mono audio whose every sample is `index`, so that what arrives can be told apart. */
export function numbered(index: number, sampleRate = 16_000, channels = 1): AudioFrame {
  const length = sampleRate / 50;
  const samples = new Int16Array(length * channels).fill(index);
  return new AudioFrame({ samples, sampleRate, channels, timestamp: samplesToMicros(index * length, sampleRate) });
}

/** What a numbered frame is. */
export const numberOf = (frame: AudioFrame): number => frame.samples[0]!;

export const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** A source that waits for room and counts how often it was read. */
export function numbers(count: number, sampleRate = 16_000): Source<AudioFrame> & { reads: number } {
  const source = pullSource<AudioFrame>({ name: 'numbers', format: { kind: 'audio', sampleRate, channels: 1 } }, () => {
    let index = 0;
    return {
      read: () => {
        result.reads++;
        return index < count ? numbered(index++, sampleRate) : null;
      },
    };
  });
  const result = Object.assign(source, { reads: 0 });
  return result;
}

/** A live source: a frame each 20 ms of the clock, whether there is room or not. */
export function ticking(count = Number.POSITIVE_INFINITY): Source<AudioFrame> {
  return pushSource<AudioFrame>({ name: 'ticking' }, (destination, { clock }) => {
    const start = clock.now();
    let index = 0;
    let cancel = () => {};
    const tick = () => {
      const frame = numbered(index++);
      if (index < count) cancel = clock.at(start + index * 20, tick);
      destination.next(frame);
      if (index >= count) destination.complete();
    };
    cancel = clock.at(start, tick);
    return () => cancel();
  });
}

export interface Collector<F extends Frame> extends Sink<F, F[]> {
  readonly frames: F[];
}

/** Keeps every frame; takes `delayMs` of the clock for each. */
export function collect<F extends Frame = AudioFrame>(delayMs = 0, name = 'collect'): Collector<F> {
  const frames: F[] = [];
  const sink = createSink<F, F[]>({
    name,
    open: ({ clock }) => ({
      write: (frame) => {
        frames.push(frame);
        frame.close?.();
        return delayMs === 0 ? undefined : after(clock, delayMs);
      },
      end: () => frames,
    }),
  });
  return Object.assign(sink, { frames });
}

function after(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.at(clock.now() + ms, resolve));
}

import { checkKeys, type Frame, invalidArgument, type MediaFormat, type Puller, type Source } from '@sluice/core';
import { frameSource, type LiveOptions, liveKeys } from './live-source.ts';

/** What the frames of {@link fromFrames} are, and how they come. */
export interface FromFramesOptions extends LiveOptions {
  /** What the frames are, for graphs. Default: what the first frame of an array is, else not known before it comes. */
  readonly format?: MediaFormat | undefined;
  /**
   * False if an async iterable waits for sluice's clock between frames: a virtual clock then goes on meanwhile. By
   * default it is taken to wait for the outside, and a virtual clock stands still. Default true.
   */
  readonly external?: boolean | undefined;
}

/**
 * Emits the frames of an array, a generator or any other iterable, synchronous or not. One is asked for when there is
 * room for it, so that a generator never runs ahead; with `live` each is emitted at its timestamp. An early end returns
 * the iterator. Adds no latency.
 *
 * Frames go to the subscriber as they are: to play an array twice, give `frames.map((frame) => frame.clone())`.
 *
 * @example
 * ```ts
 * import { audioFrame, micros } from '@sluice/core';
 * import { fromFrames, toNull } from '@sluice/nodes';
 *
 * function* clicks() {
 *   for (let i = 0; i < 10; i++) {
 *     const samples = new Int16Array(160);
 *     samples[0] = 20_000;
 *     yield audioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp: micros(i * 10_000) });
 *   }
 * }
 * fromFrames(clicks()).subscribe(toNull());
 * ```
 * @see toFrames for the way back.
 */
export function fromFrames<F extends Frame>(
  frames: Iterable<F> | AsyncIterable<F>,
  options: FromFramesOptions = {},
): Source<F> {
  checkKeys<FromFramesOptions>('fromFrames', options, { ...liveKeys, format: true, external: true });
  const iterate = iteration(frames);
  const format = options.format ?? formatOfFirst(frames);
  const spec = { name: 'fromFrames', ...(format === undefined ? {} : { format }) };
  return frameSource(spec, options.live, () => new IteratorPuller(iterate(), options.external ?? true));
}

class IteratorPuller<F extends Frame> implements Puller<F> {
  readonly external: boolean;
  readonly #iterator: Iterator<F> | AsyncIterator<F>;
  #done = false;

  constructor(iterator: Iterator<F> | AsyncIterator<F>, external: boolean) {
    this.#iterator = iterator;
    this.external = external;
  }

  read(): F | null | Promise<F | null> {
    try {
      const next = this.#iterator.next();
      return next instanceof Promise ? next.then(this.#take, this.#failed) : this.#take(next as IteratorResult<F>);
    } catch (error) {
      return this.#failed(error);
    }
  }

  close(): void | Promise<void> {
    if (this.#done) return;
    const returned = this.#iterator.return?.();
    if (returned instanceof Promise) return returned.then(() => {});
  }

  readonly #take = (result: IteratorResult<F>): F | null => {
    if (!result.done) return result.value;
    this.#done = true;
    return null;
  };

  /** An iterator that threw is finished: it is not returned as well. */
  readonly #failed = (error: unknown): never => {
    this.#done = true;
    throw error;
  };
}

function iteration<F>(frames: Iterable<F> | AsyncIterable<F>): () => Iterator<F> | AsyncIterator<F> {
  if (typeof frames === 'object' && frames !== null) {
    if (Symbol.asyncIterator in frames) return () => frames[Symbol.asyncIterator]();
    if (Symbol.iterator in frames) return () => frames[Symbol.iterator]();
  }
  throw invalidArgument('frames', 'an iterable or async iterable of frames', frames);
}

function formatOfFirst(frames: unknown): MediaFormat | undefined {
  const first: unknown = Array.isArray(frames) ? frames[0] : undefined;
  if (typeof first !== 'object' || first === null) return undefined;
  const { kind, sampleRate, channels } = first as { kind?: unknown; sampleRate?: unknown; channels?: unknown };
  if (typeof kind !== 'string') return undefined;
  return kind === 'audio' ? { kind, sampleRate: sampleRate as number, channels: channels as number } : { kind };
}

import type { OperatorFunction, Subscriber } from 'rxjs';
import { checkKeys } from '../check-keys.ts';
import { invalidArgument, outOfRange, SluiceError } from '../errors.ts';
import { closeFrame, type Frame } from '../media/frame.ts';
import type { ActorContext, Interruption } from './actor-context.ts';
import { withCredit } from './credit-context.ts';
import { createOperator, type OperatorHandlers } from './operator.ts';

/** How much {@link mapAsync} may have under way, and waiting. */
export interface MapAsyncOptions {
  /** Frames whose promises may be open at once. Default 1. */
  readonly maxInFlight?: number;
  /** Frames that may wait for their turn when the source cannot be held back. Default 1,500; more is an error. */
  readonly maxQueued?: number;
  /**
   * Whether a virtual clock stands still while promises are open, as it must for I/O and inference. Default true; false
   * if `project` itself waits on the clock, which could then never go on.
   */
  readonly tracked?: boolean;
  /** As errors and graphs show it. Default `mapAsync`. */
  readonly name?: string;
}

/**
 * Maps each frame through a promise, in order, and holds the source back meanwhile.
 *
 * `project` owns the frame it is given: it forwards or closes it. Results leave in the order of the frames, whatever
 * order the promises settle in. A rejection is the stream's error. An interruption aborts the signal of the calls under
 * way, closes what waits, and drops results that come late. Adds the latency of the slowest of the calls under way.
 * In a graph, and outside one with sources that can be asked (`pullSource`), no frame ever waits.
 *
 * @example
 * ```ts
 * bot.from(source).pipe(mapAsync((frame, signal) => classify(frame, { signal }), { maxInFlight: 2 })).to(sink);
 * ```
 * @param project gets the frame and a signal that aborts on interruption and unsubscription
 * @throws TypeError, RangeError at once for options of the wrong kind or range
 * @see bounded for RxJS's own asynchronous operators
 */
export function mapAsync<A extends Frame, B extends Frame>(
  project: (frame: A, signal: AbortSignal) => Promise<B>,
  options: MapAsyncOptions = {},
): OperatorFunction<A, B> {
  checkKeys<MapAsyncOptions>('mapAsync', options, { maxInFlight: true, maxQueued: true, tracked: true, name: true });
  const { maxInFlight = 1, maxQueued = 1_500, tracked = true, name = 'mapAsync' } = options;
  if (typeof project !== 'function') throw invalidArgument('mapAsync.project', 'a function', project);
  checkCount('mapAsync.maxInFlight', maxInFlight, 1);
  checkCount('mapAsync.maxQueued', maxQueued, 0);
  const spec = { name, maxHeld: maxInFlight };
  return withCredit(
    maxInFlight,
    createOperator<A, B>(spec, (destination, context) =>
      new AsyncMapper(destination, context, project, { maxInFlight, maxQueued, tracked, name }).handlers(),
    ),
  );
}

export function checkCount(name: string, value: number, min: number): void {
  if (!Number.isInteger(value)) throw invalidArgument(name, 'an integer', value);
  if (value < min) throw outOfRange(name, `${min} or more`, value);
}

interface Call<B> {
  readonly epoch: number;
  readonly release: () => void;
  result: B | undefined;
  settled: boolean;
}

class AsyncMapper<A extends Frame, B extends Frame> {
  readonly #destination: Subscriber<B>;
  readonly #context: ActorContext;
  readonly #project: (frame: A, signal: AbortSignal) => Promise<B>;
  readonly #options: Required<MapAsyncOptions>;
  /** Calls in order of their frames; results leave from the front. */
  readonly #calls: Call<B>[] = [];
  readonly #queue: { readonly frame: A; readonly release: () => void }[] = [];
  #abort = new AbortController();
  #epoch = 0;
  #ended = false;
  #emitting = false;

  constructor(
    destination: Subscriber<B>,
    context: ActorContext,
    project: (frame: A, signal: AbortSignal) => Promise<B>,
    options: Required<MapAsyncOptions>,
  ) {
    this.#destination = destination;
    this.#context = context;
    this.#project = project;
    this.#options = options;
  }

  handlers(): OperatorHandlers<A> {
    const stopListening = this.#context.onInterrupt((interruption) => this.#interrupt(interruption));
    return {
      next: (frame) => this.#take(frame),
      complete: () => {
        this.#ended = true;
        this.#advance();
      },
      teardown: () => {
        stopListening();
        this.#drop();
      },
    };
  }

  #take(frame: A): void {
    if (this.#calls.length < this.#options.maxInFlight) this.#call(frame, this.#context.hold());
    else if (this.#queue.length < this.#options.maxQueued) this.#queue.push({ frame, release: this.#context.hold() });
    else {
      closeFrame(frame);
      throw overflow(this.#options.name, this.#options.maxQueued);
    }
  }

  #call(frame: A, release: () => void): void {
    const call: Call<B> = { epoch: this.#epoch, release, result: undefined, settled: false };
    this.#calls.push(call);
    const work = this.#project(frame, this.#abort.signal);
    (this.#options.tracked ? this.#context.clock.track(work) : work).then(
      (result) => this.#settle(call, result),
      (error: unknown) => {
        if (call.epoch === this.#epoch) this.#destination.error(error);
      },
    );
  }

  #settle(call: Call<B>, result: B): void {
    if (call.epoch !== this.#epoch || this.#destination.closed) {
      closeFrame(result);
      return;
    }
    call.result = result;
    call.settled = true;
    this.#advance();
  }

  #advance(): void {
    if (this.#emitting) return;
    this.#emitting = true;
    while (this.#calls[0]?.settled) {
      const { result, release } = this.#calls.shift()!;
      this.#destination.next(result!);
      release();
      const waiting = this.#calls.length < this.#options.maxInFlight ? this.#queue.shift() : undefined;
      if (waiting !== undefined) this.#start(waiting);
    }
    this.#emitting = false;
    if (this.#ended && this.#calls.length === 0) this.#destination.complete();
  }

  #start({ frame, release }: { readonly frame: A; readonly release: () => void }): void {
    try {
      this.#call(frame, release);
    } catch (error) {
      this.#destination.error(error);
    }
  }

  #interrupt(interruption: Interruption): void {
    for (const { frame } of this.#queue) interruption.dropped(frame.duration ?? 0);
    this.#drop();
    this.#abort = new AbortController();
    if (this.#ended) this.#advance();
  }

  /** From here on, results of the calls under way are nobody's. */
  #drop(): void {
    this.#epoch++;
    const calls = this.#calls.splice(0);
    const waiting = this.#queue.splice(0);
    this.#abort.abort(new SluiceError('SLUICE_ABORTED', `${this.#options.name} was interrupted`));
    for (const { result, release } of calls) {
      if (result !== undefined) closeFrame(result);
      release();
    }
    for (const { frame, release } of waiting) {
      closeFrame(frame);
      release();
    }
  }
}

/** The error of a chain that keeps more frames than it may. */
export function overflow(name: string, limit: number): SluiceError {
  return new SluiceError('SLUICE_CHAIN_OVERFLOW', `${name} holds too many frames`, {
    expected: `at most ${limit} waiting`,
    received: limit + 1,
    fix: 'Put it in a graph, which holds the source back, or drop frames before it',
  });
}

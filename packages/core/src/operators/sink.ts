import type { Observer } from 'rxjs';
import { checkKeys } from '../check-keys.ts';
import { SluiceError, toError } from '../errors.ts';
import type { Frame } from '../media/frame.ts';
import type { GlitchCounts } from '../media/glitches.ts';
import type { MediaConstraint } from '../media/media-format.ts';
import type { Cancel } from '../time/clock.ts';
import { unlessAborted } from '../time/unless-aborted.ts';
import { type ActorContext, actorContext, withContext } from './actor-context.ts';
import { FlowEnd, usedTwice } from './flow-end.ts';
import { NODE, type SinkSpec } from './node-spec.ts';
import type { SinkWriter } from './sink-writer.ts';

/**
 * Where frames leave: an RxJS observer that a graph can describe. It serves one subscription. `finished` resolves with
 * the sink's result when everything it was given is written or played, and rejects when that failed. Without a graph
 * `unsubscribe()` ends it as the end of the stream does, and a rejection that nobody looks at is an unhandled one.
 */
export interface Sink<F extends Frame, R = void> extends Observer<F> {
  /** What a graph has to know of it. */
  readonly [NODE]: SinkSpec;
  /** The sink's result, once everything that it was given is written or played. */
  readonly finished: Promise<R>;
}

/** What {@link createSink} makes a sink of. */
export interface SinkOptions<F extends Frame, R> {
  /** As graphs, drawings and errors show it: `toWavFile`. */
  readonly name: string;
  /** What it takes; a graph puts a converter before it where something else comes. Default: anything. */
  readonly accepts?: MediaConstraint;
  /** Opens what the sink writes to. Runs before the first frame; in a graph before the start. */
  readonly open: (context: ActorContext) => SinkWriter<F, R> | Promise<SinkWriter<F, R>>;
  /**
   * Frames that may wait while the writer is busy, when the source cannot be held back; more is an error. Default 1,500
   * (30 s of 20 ms).
   */
  readonly maxQueued?: number;
  /** Frames that it holds, the one being written included, before the source is held back. Default 1 in a graph, else 50. */
  readonly maxHeld?: number;
  /**
   * True if the writer's promises wait for the outside (a disk, a pipe) and never for the clock: a virtual clock then
   * stands still until they have settled. Default false.
   */
  readonly external?: boolean;
  /**
   * What is doubtful just now, one sentence each that goes on from the node's name: `is heard by nobody; ...`. Asked when
   * somebody looks, and at the start of a graph.
   */
  readonly problems?: () => readonly string[];
  /**
   * What was wrong with what it played so far, for `inspect().nodes[].glitches`; undefined where nobody counts.
   * Asked when somebody looks.
   */
  readonly glitches?: () => GlitchCounts | undefined;
  /** True if the writer tells its `position`: the sink can then lead a sync group. Default false. */
  readonly plays?: boolean;
}

/** How long a sink without a graph waits for what it gives back before it tells that it failed, in milliseconds. */
const GIVEN_BACK_MS = 1_000;

/** Makes a sink from a writer. Writes never overlap; a slow writer holds the graph back. */
export function createSink<F extends Frame, R = void>(options: SinkOptions<F, R>): Sink<F, R> {
  checkKeys<SinkOptions<F, R>>('createSink', options, {
    name: true,
    accepts: true,
    open: true,
    maxQueued: true,
    maxHeld: true,
    external: true,
    plays: true,
    problems: true,
    glitches: true,
  });
  return new WriterSink(options);
}

class WriterSink<F extends Frame, R> extends FlowEnd<F> implements Sink<F, R> {
  readonly finished: Promise<R>;
  readonly [NODE]: SinkSpec;
  readonly #options: SinkOptions<F, R>;
  #context: ActorContext | undefined;
  #writer: SinkWriter<F, R> | undefined;
  #opening: Promise<void> | undefined;
  #queue: { readonly frame: F; readonly release: () => void }[] = [];
  #busy = false;
  #draining = false;
  #ended = false;
  #settled = false;
  #paused = false;
  /** A graph tells of it. */
  #watched = false;
  #failed: (reason: Error) => void = () => {};
  #resolve!: (result: R) => void;
  #reject!: (error: Error) => void;

  constructor(options: SinkOptions<F, R>) {
    super();
    this.#options = options;
    this.finished = new Promise<R>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this[NODE] = {
      name: options.name,
      ...(options.accepts === undefined ? {} : { accepts: options.accepts }),
      ...(options.maxHeld === undefined ? {} : { maxHeld: options.maxHeld }),
      ...(options.problems === undefined ? {} : { problems: options.problems }),
      ...(options.glitches === undefined ? {} : { glitches: options.glitches }),
      finished: this.finished,
      attach: (context, failed) => {
        if (this.#context !== undefined) throw usedTwice(options.name);
        this.#context = context;
        if (failed === undefined) return;
        this.#failed = failed;
        this.#told();
      },
      prepare: () => {
        this.#told();
        return this.#open();
      },
      abort: (reason) => {
        this.#told();
        this.#fail(reason);
      },
      played: () => this.#writer?.played?.(),
      lost: (utterances) => this.#writer?.lost?.(utterances),
      pause: (fadeMs) => {
        this.#paused = true;
        return this.#pause(fadeMs);
      },
      resume: () => this.#resume(),
      ...(options.plays === true ? { position: () => this.#writer?.position?.() } : {}),
    };
  }

  protected get attached(): boolean {
    return this.#context !== undefined;
  }

  next = (frame: F): void => {
    if (this.#settled || this.#ended) {
      frame.close?.();
      return;
    }
    if (this.#writer === undefined) this.#open().catch(() => {});
    if (this.#settled) {
      frame.close?.();
      return;
    }
    // Releasing a hold may bring the next frame at once: while older ones wait, it waits behind them.
    if (this.#busy || this.#draining || this.#writer === undefined || this.#queue.length > 0) this.#enqueue(frame);
    else this.#write(frame);
  };

  error = (reason: unknown): void => this.#fail(toError(reason));

  complete = (): void => {
    this.#ended = true;
    if (this.#writer === undefined) this.#open().catch(() => {});
    this.#drain();
    this.leaveSource();
  };

  #open(): Promise<void> {
    this.#opening ??= this.#openOnce();
    return this.#opening;
  }

  async #openOnce(): Promise<void> {
    this.#context ??= actorContext();
    const context = this.#context;
    try {
      const opened = withContext(context, () => this.#options.open(context));
      if (opened instanceof Promise) {
        // What nobody waits for any more must not hold a virtual clock.
        const inTurn = context.clock.track(unlessAborted(context.signal, opened)).catch(() => {});
        // Elsewhere it is open as soon as whoever opened it says so.
        if (context.clock.repeatable === true) await inTurn;
        this.#writer = await opened;
      } else this.#writer = opened;
    } catch (error) {
      this.#fail(toError(error));
      throw error;
    }
    if (this.#settled) return this.#abort(new SluiceError('SLUICE_ABORTED', 'the sink was aborted'));
    if (this.#paused) void this.#pause(0);
    this.#drain();
  }

  async #pause(fadeMs: number): Promise<void> {
    try {
      await this.#writer?.pause?.(fadeMs);
    } catch (error) {
      this.#context?.report(error);
    }
  }

  #resume(): void {
    this.#paused = false;
    try {
      this.#writer?.resume?.();
    } catch (error) {
      this.#context?.report(error);
    }
  }

  #enqueue(frame: F): void {
    const limit = this.#options.maxQueued ?? 1_500;
    if (this.#queue.length >= limit) {
      frame.close?.();
      this.#fail(
        new SluiceError('SLUICE_CHAIN_OVERFLOW', `${this.#options.name} cannot keep up`, {
          expected: `at most ${limit} frames waiting`,
          received: limit + 1,
          fix: 'Put it in a graph, which holds the source back, or pace the source',
        }),
      );
      return;
    }
    this.#queue.push({ frame, release: this.#context!.hold() });
  }

  #write(frame: F): void {
    let written: void | Promise<void>;
    try {
      written = this.#writer!.write(frame);
    } catch (error) {
      this.#fail(toError(error));
      return;
    }
    if (written instanceof Promise) this.#await(written, this.#context!.hold());
  }

  #await(written: Promise<void>, release: () => void): void {
    this.#busy = true;
    const done = () => {
      this.#busy = false;
      release();
      this.#drain();
    };
    this.#tracked(written).then(done, (error: unknown) => {
      release();
      this.#fail(toError(error));
    });
  }

  #drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    while (!this.#busy && !this.#settled && this.#writer !== undefined) {
      const next = this.#queue.shift();
      if (next === undefined) {
        if (this.#ended) this.#end();
        break;
      }
      this.#write(next.frame);
      next.release();
    }
    this.#draining = false;
  }

  #end(): void {
    if (this.#settled) return;
    this.#settled = true;
    const finish = async () => this.#writer!.end();
    this.#tracked(finish()).then(this.#resolve, (error: unknown) => this.#reject(toError(error)));
  }

  #fail(reason: Error): void {
    if (this.#settled) return;
    this.#settled = true;
    for (const { frame, release } of this.#queue.splice(0)) {
      frame.close?.();
      release();
    }
    this.#failed(reason);
    let cancel: Cancel = () => {};
    const given = () => {
      cancel();
      this.#reject(reason);
    };
    const { clock } = this.#context ?? {};
    if (clock !== undefined && !this.#watched) cancel = clock.at(clock.now() + GIVEN_BACK_MS, given);
    this.#abort(reason).then(given, given);
    // A live source would go on for ever. Not at once: what comes in the same turn is still closed here.
    queueMicrotask(() => this.leaveSource());
  }

  /** A graph tells of a failure itself. Without one, a rejection of `finished` that nobody looks at is not hidden. */
  #told(): void {
    this.#watched = true;
    this.finished.catch(() => {});
  }

  #tracked<T>(work: Promise<T>): Promise<T> {
    return this.#options.external === true ? this.#context!.clock.track(work) : work;
  }

  /** What fails while giving back is reported; the reason for it all stays the reason. */
  async #abort(reason: Error): Promise<void> {
    const abort = async () => this.#writer?.abort?.(reason);
    const context = this.#context;
    await abort().catch((error: unknown) => {
      context?.report(error);
    });
  }
}

import { invalidArgument } from '../../errors.ts';
import { closeFrame, type Frame } from '../../media/frame.ts';
import { swapContext } from '../../operators/actor-context.ts';
import { Slice, turn } from '../../time/slice.ts';
import type { RunContext } from './run-context.ts';

/** A frame and the port that it leaves by. */
export type AnyEmission = readonly [port: string, frame: Frame];
type Emissions = Iterable<AnyEmission> | AsyncIterable<AnyEmission>;

export interface EmissionHost {
  readonly context: RunContext;
  emit(port: string, frame: Frame): void;
  /** Called once, with what the iterable threw, if it did. */
  over(error?: { readonly reason: unknown }): void;
}

/** What a handler returned as an iterable of frames; undefined if it is none. */
export function emissionsOf(returned: unknown): Emissions | undefined {
  if (typeof returned !== 'object' || returned === null) return undefined;
  return Symbol.asyncIterator in returned || Symbol.iterator in returned ? (returned as Emissions) : undefined;
}

/** Takes frames from an iterable, one at a time while there is room for them. */
export class EmissionReader {
  readonly #host: EmissionHost;
  readonly #iterator: Iterator<AnyEmission> | AsyncIterator<AnyEmission>;
  readonly #slice: Slice;
  #cancelWait = () => {};
  #over = false;

  constructor(emissions: Emissions, host: EmissionHost) {
    this.#host = host;
    this.#slice = new Slice(host.context.clock);
    this.#iterator =
      Symbol.asyncIterator in emissions ? emissions[Symbol.asyncIterator]() : emissions[Symbol.iterator]();
  }

  readonly run = (): void => {
    const { context } = this.#host;
    while (!this.#over) {
      if (!context.hasRoom) {
        this.#cancelWait = context.whenRoom(this.run);
        return;
      }
      if (this.#slice.over()) {
        context.clock.track(turn()).then(this.run, this.#fail);
        return;
      }
      const before = swapContext(context);
      try {
        const result = this.#iterator.next();
        if (result instanceof Promise) {
          result.then(this.#resume, this.#fail);
          return;
        }
        this.#take(result);
      } catch (reason) {
        this.#fail(reason);
      } finally {
        swapContext(before);
      }
    }
  };

  /** Takes nothing more: the iterable's `return()` is called. */
  stop(): void {
    if (this.#over) return;
    this.#finish();
    this.#giveBack();
  }

  readonly #resume = (result: IteratorResult<AnyEmission>): void => {
    try {
      this.#take(result);
    } catch (reason) {
      this.#fail(reason);
    }
    this.run();
  };

  #take({ done, value }: IteratorResult<AnyEmission>): void {
    if (done === true) return this.#finish();
    if (!Array.isArray(value) || value.length !== 2)
      throw invalidArgument('what an iterable of a handler gives', 'a pair of [port, frame]', value);
    const [port, frame] = value as unknown as AnyEmission;
    // It was made while an interruption came.
    if (this.#over) closeFrame(frame);
    else this.#host.emit(port, frame);
  }

  readonly #fail = (reason: unknown): void => {
    if (this.#over) return;
    this.#finish({ reason });
    this.#giveBack();
  };

  #giveBack(): void {
    const report = (reason: unknown) => this.#host.context.report(reason);
    try {
      const returned: unknown = this.#iterator.return?.();
      if (returned instanceof Promise) returned.catch(report);
    } catch (reason) {
      report(reason);
    }
  }

  #finish(error?: { readonly reason: unknown }): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelWait();
    this.#host.over(error);
  }
}

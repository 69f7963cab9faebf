import type { Frame } from '../../media/frame.ts';
import { type AnyEmission, EmissionReader, emissionsOf } from './emission-reader.ts';
import type { RunContext } from './run-context.ts';

export interface HandlerWorkOwner {
  emit(port: string, frame: Frame): void;
  /** Work of a subscription failed; whether that one still counts is for the owner to say. */
  failed(context: RunContext, reason: unknown): void;
  /** Nothing is under way any more. */
  settled(): void;
}

/** What a node's handlers have under way after they returned: promises, and iterables whose frames wait for room. */
export class HandlerWork {
  readonly #owner: HandlerWorkOwner;
  readonly #readers = new Set<EmissionReader>();
  #underWay = 0;

  constructor(owner: HandlerWorkOwner) {
    this.#owner = owner;
  }

  /** Handlers that are under way. Each holds one frame. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Takes what a handler returned. `context` is undefined if it shut its own node down. */
  follow(returned: unknown, context: RunContext | undefined): void {
    if (returned instanceof Promise) return this.#await(returned, context);
    const emissions = emissionsOf(returned);
    if (emissions !== undefined && context !== undefined) this.read(emissions, context, this.#begin(context));
  }

  /** Takes frames from an iterable as there is room, then calls `settled`. */
  read(emissions: Iterable<AnyEmission> | AsyncIterable<AnyEmission>, context: RunContext, settled: () => void): void {
    const reader = new EmissionReader(emissions, {
      context,
      emit: (name, frame) => this.#owner.emit(name, frame),
      over: (error) => {
        this.#readers.delete(reader);
        settled();
        if (error !== undefined) this.#owner.failed(context, error.reason);
      },
    });
    this.#readers.add(reader);
    reader.run();
  }

  /** Takes no further frame from any iterable. */
  stop(): void {
    for (const reader of [...this.#readers]) reader.stop();
  }

  #await(work: Promise<unknown>, context: RunContext | undefined): void {
    // What a handler that shut its own node down still does concerns nobody.
    if (context === undefined) return void work.catch(() => {});
    const settled = this.#begin(context);
    work.then(settled, (error: unknown) => {
      settled();
      this.#owner.failed(context, error);
    });
  }

  /** Counts one more handler that is under way. Call what it returns when it has settled. */
  #begin(context: RunContext): () => void {
    const release = context.hold();
    this.#underWay++;
    return () => {
      this.#underWay--;
      release();
      if (this.#underWay === 0) this.#owner.settled();
    };
  }
}

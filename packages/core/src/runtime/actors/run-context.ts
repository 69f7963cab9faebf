import { SluiceError } from '../../errors.ts';
import type { ActorContext, ControlMessage, Interruption, Waiting } from '../../operators/actor-context.ts';
import type { Cancel, Clock } from '../../time/clock.ts';
import type { Actor } from './actor.ts';
import { waitingBefore } from './waiting-before.ts';

/**
 * What one subscription of an actor's chain sees of its actor. A restart makes a new one, so that a release which comes
 * late from the old subscription counts nowhere.
 */
export class RunContext implements ActorContext {
  readonly #actor: Actor;
  readonly #abort = new AbortController();
  readonly #interrupts = new Set<(interruption: Interruption) => void>();
  readonly #controls = new Set<(message: ControlMessage) => boolean>();
  readonly #kept = new Set<() => void>();
  readonly #roomWaiters: (() => void)[] = [];
  readonly #release: () => void;
  #alive = true;

  constructor(actor: Actor) {
    this.#actor = actor;
    this.#release = () => {
      if (this.#alive) actor.release();
    };
  }

  get name(): string {
    return this.#actor.id;
  }

  get clock(): Clock {
    return this.#actor.host.clock;
  }

  get random(): () => number {
    return this.#actor.host.random;
  }

  get epoch(): number {
    return this.#actor.host.epoch;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get hasRoom(): boolean {
    return this.#actor.mayEmit;
  }

  get paced(): boolean {
    return this.#actor.isPaced();
  }

  hold(): () => void {
    if (this.#alive) this.#actor.hold();
    return this.#release;
  }

  whenRoom(callback: () => void): Cancel {
    if (this.#actor.mayEmit) {
      callback();
      return () => {};
    }
    this.#roomWaiters.push(callback);
    return () => {
      const index = this.#roomWaiters.indexOf(callback);
      if (index >= 0) this.#roomWaiters.splice(index, 1);
    };
  }

  onInterrupt(listener: (interruption: Interruption) => void): Cancel {
    this.#interrupts.add(listener);
    return () => this.#interrupts.delete(listener);
  }

  onControl(listener: (message: ControlMessage) => boolean): Cancel {
    this.#controls.add(listener);
    return () => this.#controls.delete(listener);
  }

  keepAlive(label: string): () => void {
    const actor = this.#actor;
    const stop = actor.host.keepAlive(`${this.name} (${label})`);
    let kept = true;
    const release = () => {
      if (kept) actor.keptAlive--;
      kept = false;
      stop();
    };
    actor.keptAlive++;
    this.#kept.add(release);
    return () => {
      this.#kept.delete(release);
      release();
    };
  }

  waiting(): Waiting {
    return waitingBefore(this.#actor);
  }

  report(error: unknown): void {
    this.#actor.host.reported(this.#actor, error);
  }

  countInvalid(samples: number): void {
    const actor = this.#actor;
    if (actor.invalidSamples === 0 && samples > 0) this.report(invalidSamplesOf(actor));
    actor.invalidSamples += samples;
  }

  roomAvailable(): void {
    for (let i = this.#roomWaiters.length; i > 0 && this.#actor.mayEmit; i--) this.#roomWaiters.shift()!();
  }

  interrupt(interruption: Interruption): void {
    for (const listener of [...this.#interrupts]) {
      try {
        listener(interruption);
      } catch (error) {
        this.report(error);
      }
    }
  }

  control(message: ControlMessage): boolean {
    let taken = false;
    for (const listener of [...this.#controls]) taken = listener(message) || taken;
    return taken;
  }

  /** Cuts the subscription off: its holds, listeners and waiters count no more. */
  dispose(reason: Error | undefined): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#interrupts.clear();
    this.#controls.clear();
    this.#roomWaiters.length = 0;
    this.#actor.releaseAll();
    this.#abort.abort(reason);
    // What broke off plays nothing to its end; what completed may still.
    if (reason !== undefined) for (const release of this.#kept) release();
  }
}

function invalidSamplesOf({ id }: Actor): SluiceError {
  return new SluiceError('SLUICE_SAMPLES_INVALID', `samples at ${id} are NaN or infinite, and became silence`, {
    expected: 'finite numbers',
    fix: 'Look at the file or the model that they come from; inspect() counts them as invalidSamples',
    nodeId: id,
  });
}

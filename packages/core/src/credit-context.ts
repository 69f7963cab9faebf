import { Observable, type OperatorFunction } from 'rxjs';
import {
  type ActorContext,
  actorContext,
  type ControlMessage,
  type Interruption,
  withContext,
} from './actor-context.ts';
import type { Cancel } from './clock.ts';
import { describeOperator, operatorSpec } from './node-spec.ts';

/**
 * The context that an operator gives to what stands before it, so that frames it holds keep a source back also outside
 * a graph, and each of several inputs on its own. Everything else is the surrounding actor's.
 */
export class CreditContext implements ActorContext {
  readonly #base: ActorContext;
  readonly #limit: number;
  #held = 0;
  #waiting: (() => void)[] = [];
  #baseRelease: (() => void) | undefined;
  #releaseBoth = (): void => {};
  readonly #release = (): void => {
    this.#held--;
    if (this.#waiting.length > 0 && this.#held < this.#limit) this.#wake();
  };

  /** @param limit how many holds leave no room */
  constructor(base: ActorContext, limit: number) {
    this.#base = base;
    this.#limit = limit;
  }

  get name() {
    return this.#base.name;
  }

  get clock() {
    return this.#base.clock;
  }

  get epoch() {
    return this.#base.epoch;
  }

  get signal() {
    return this.#base.signal;
  }

  /** Holds that were not released. */
  get held(): number {
    return this.#held;
  }

  get hasRoom(): boolean {
    return this.#held < this.#limit && this.#base.hasRoom;
  }

  /** Takes one of this context's credits only. */
  take(): () => void {
    this.#held++;
    return this.#release;
  }

  /** Takes a credit here and in the surrounding actor. */
  hold(): () => void {
    this.#held++;
    const release = this.#base.hold();
    if (release !== this.#baseRelease) {
      this.#baseRelease = release;
      this.#releaseBoth = () => {
        release();
        this.#release();
      };
    }
    return this.#releaseBoth;
  }

  whenRoom(callback: () => void): Cancel {
    let cancelled = false;
    let cancelBase: Cancel | undefined;
    const look = () => {
      if (cancelled) return;
      if (this.#held >= this.#limit) this.#waiting.push(look);
      else if (this.#base.hasRoom) callback();
      else cancelBase = this.#base.whenRoom(look);
    };
    look();
    return () => {
      cancelled = true;
      cancelBase?.();
    };
  }

  onInterrupt(listener: (interruption: Interruption) => void): Cancel {
    return this.#base.onInterrupt(listener);
  }

  onControl(listener: (message: ControlMessage) => boolean): Cancel {
    return this.#base.onControl(listener);
  }

  keepAlive(label: string): () => void {
    return this.#base.keepAlive(label);
  }

  report(error: unknown): void {
    this.#base.report(error);
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }
}

/** Subscribes what stands before an operator inside a credit context of `limit` holds. */
export function withCredit<A, B>(limit: number, operator: OperatorFunction<A, B>): OperatorFunction<A, B> {
  const credited = (source: Observable<A>) =>
    new Observable<B>((destination) =>
      withContext(new CreditContext(actorContext(), limit), () => operator(source).subscribe(destination)),
    );
  const spec = operatorSpec(operator);
  return spec === undefined ? credited : describeOperator(spec, credited);
}

import type { Observable, OperatorFunction } from 'rxjs';
import type { Cancel } from '../time/clock.ts';
import {
  type ActorContext,
  actorContext,
  type ControlMessage,
  type Interruption,
  type Waiting,
  withContext,
} from './actor-context.ts';
import { BareFlow } from './bare-flow.ts';
import { describeOperator, operatorSpec } from './node-spec.ts';

/** What gives an operator room in a bare chain: see {@link withCredit}. */
export interface CreditOptions {
  /** How many holds leave no room. Default: any number leaves room. */
  readonly limit?: number;
  /** Another condition for room. When it turns true, call `wake()`. */
  readonly isOpen?: () => boolean;
  /** Whether holds stay in this context, because other inputs must not wait for this one. Default false. */
  readonly apart?: boolean;
  /** Whether there is room whatever the surrounding actor has, because somebody else queues. Default false. */
  readonly ignoreRoom?: boolean;
  /** Whether media comes in its own time from here on, whatever the surrounding actor says. Default false. */
  readonly paced?: boolean;
}

const always = () => true;

/**
 * The context that an operator gives to what stands before it, so that frames it holds keep a source back also outside
 * a graph, and each of several inputs on its own. Everything else is the surrounding actor's.
 */
export class CreditContext implements ActorContext {
  readonly #base: ActorContext;
  readonly #limit: number;
  readonly #isOpen: () => boolean;
  readonly #apart: boolean;
  readonly #ignoreRoom: boolean;
  readonly #paced: boolean;
  #held = 0;
  #waiting: (() => void)[] = [];
  #baseRelease: (() => void) | undefined;
  #releaseBoth = (): void => {};
  readonly #release = (): void => {
    this.#held--;
    if (this.#waiting.length > 0) this.wake();
  };

  constructor(base: ActorContext, options: CreditOptions) {
    this.#base = base;
    this.#limit = options.limit ?? Number.POSITIVE_INFINITY;
    this.#isOpen = options.isOpen ?? always;
    this.#apart = options.apart ?? false;
    this.#ignoreRoom = options.ignoreRoom ?? false;
    this.#paced = options.paced ?? false;
  }

  get name() {
    return this.#base.name;
  }

  get clock() {
    return this.#base.clock;
  }

  get random() {
    return this.#base.random;
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
    return this.#open && (this.#ignoreRoom || this.#base.hasRoom);
  }

  get paced(): boolean {
    return this.#paced || this.#base.paced;
  }

  /** Takes a credit here and, unless apart, in the surrounding actor. */
  hold(): () => void {
    this.#held++;
    if (this.#apart) return this.#release;
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
      if (!this.#open) this.#waiting.push(look);
      else if (this.#ignoreRoom || this.#base.hasRoom) callback();
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

  waiting(): Waiting {
    return this.#base.waiting();
  }

  report(error: unknown): void {
    this.#base.report(error);
  }

  countInvalid(samples: number): void {
    this.#base.countInvalid(samples);
  }

  /** Tells those who wait for room to look again. */
  wake(): void {
    if (this.#waiting.length === 0 || !this.#open) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }

  get #open(): boolean {
    return this.#held < this.#limit && this.#isOpen();
  }
}

/** Subscribes what stands before an operator inside a credit context of `limit` holds. */
export function withCredit<A, B>(limit: number, operator: OperatorFunction<A, B>): OperatorFunction<A, B> {
  const credited = (source: Observable<A>) =>
    new BareFlow<B>((destination) =>
      withContext(new CreditContext(actorContext(), { limit }), () => operator(source).subscribe(destination)),
    );
  const spec = operatorSpec(operator);
  return spec === undefined ? credited : describeOperator(spec, credited);
}

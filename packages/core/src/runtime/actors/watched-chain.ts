import { Observable, type OperatorFunction, Subscriber } from 'rxjs';
import type { Frame } from '../../media/frame.ts';
import { operatorSpec } from '../../operators/node-spec.ts';
import type { HiddenFrames } from './hidden-frames.ts';

export type AnyOperator = OperatorFunction<Frame, Frame>;

export interface ChainWatch {
  /** Of the operator that frames enter first, if it does not say what it keeps. */
  readonly first: HiddenFrames | undefined;
  /** Of the one that they leave last. */
  readonly last: HiddenFrames | undefined;
  /** Whether one that is watched may still have something to emit. */
  readonly active: boolean;
  /** Puts the operators behind each other, with a look at what passes from one that is watched to another. */
  connect(input: Observable<Frame>): Observable<Frame>;
}

/** Watches those of a chain's operators that have no description: RxJS's own. `watch` makes the watch of the n-th. */
export function watchedChain(operators: readonly AnyOperator[], watch: (index: number) => HiddenFrames): ChainWatch {
  const watches = operators.map((operator, index) => (operatorSpec(operator) === undefined ? watch(index) : undefined));
  return {
    first: watches[0],
    last: watches.at(-1),
    get active() {
      return watches.some((watch) => watch?.active === true);
    },
    connect: (input) =>
      operators.reduce<Observable<Frame>>((stream, operator, index) => {
        const [left, entered] = [watches[index - 1], watches[index]];
        // Before the first and behind the last the actor looks itself.
        const between = index > 0 && (left !== undefined || entered !== undefined);
        return operator(between ? looked(stream, left, entered) : stream);
      }, input),
  };
}

function looked(stream: Observable<Frame>, left: HiddenFrames | undefined, entered: HiddenFrames | undefined) {
  return new Observable<Frame>((destination) => stream.subscribe(new Between(destination, left, entered)));
}

class Between extends Subscriber<Frame> {
  readonly #next: Subscriber<Frame>;
  readonly #left: HiddenFrames | undefined;
  readonly #entered: HiddenFrames | undefined;

  constructor(next: Subscriber<Frame>, left: HiddenFrames | undefined, entered: HiddenFrames | undefined) {
    super(next);
    this.#next = next;
    this.#left = left;
    this.#entered = entered;
  }

  protected override _next(frame: Frame): void {
    this.#left?.leave(frame);
    if (this.#entered === undefined) this.#next.next(frame);
    else this.#entered.enter(this.#next, frame);
  }
}

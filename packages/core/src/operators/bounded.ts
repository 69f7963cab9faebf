import { type OperatorFunction, Subject } from 'rxjs';
import { checkKeys } from '../check-keys.ts';
import { invalidArgument } from '../errors.ts';
import { closeFrame, type Frame } from '../media/frame.ts';
import { withCredit } from './credit-context.ts';
import { checkCount, overflow } from './map-async.ts';

import { createOperator } from './operator.ts';

/** How far an operator of RxJS may run ahead: see {@link bounded}. */
export interface BoundedOptions {
  /** Frames that may be inside the operator at once. Default 1. */
  readonly maxInFlight?: number;
  /** As errors and graphs show it. Default `bounded`. */
  readonly name?: string;
}

/**
 * Bounds an asynchronous operator that knows nothing of back-pressure: RxJS's `concatMap`, `delay`, `observeOn`.
 *
 * A frame counts from when it enters until the operator has emitted once for it: the operator must emit exactly one
 * frame for each it takes. While `maxInFlight` are inside, the source is held back; a source that cannot be held back
 * and outgrows the bound is an error that names the operator, never a silent queue. What comes out with an epoch from
 * before an interruption is closed. Adds no latency of its own.
 *
 * @example
 * ```ts
 * bot.from(source).pipe(bounded(concatMap((frame) => classify(frame)), { maxInFlight: 4, name: 'classify' })).to(sink);
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range
 * @see mapAsync
 */
export function bounded<A extends Frame, B extends Frame>(
  operator: OperatorFunction<A, B>,
  options: BoundedOptions = {},
): OperatorFunction<A, B> {
  checkKeys<BoundedOptions>('bounded', options, { maxInFlight: true, name: true });
  const { maxInFlight = 1, name = 'bounded' } = options;
  if (typeof operator !== 'function') throw invalidArgument('bounded.operator', 'an RxJS operator', operator);
  checkCount('bounded.maxInFlight', maxInFlight, 1);

  const counted = createOperator<A, B>({ name, maxHeld: maxInFlight }, (destination, context) => {
    const held: (() => void)[] = [];
    const entry = new Subject<A>();
    let epoch = context.epoch;
    const stopListening = context.onInterrupt((interruption) => {
      epoch = interruption.epoch;
    });
    const inside = operator(entry).subscribe({
      next: (frame) => {
        if (frame.epoch !== undefined && frame.epoch < epoch) closeFrame(frame);
        else destination.next(frame);
        held.shift()?.();
      },
      error: (error: unknown) => destination.error(error),
      complete: () => destination.complete(),
    });
    return {
      next(frame) {
        if (held.length >= maxInFlight) {
          closeFrame(frame);
          throw overflow(name, maxInFlight);
        }
        held.push(context.hold());
        entry.next(frame);
      },
      complete: () => entry.complete(),
      teardown() {
        stopListening();
        inside.unsubscribe();
        for (const release of held.splice(0)) release();
      },
    };
  });
  return withCredit(maxInFlight, counted);
}

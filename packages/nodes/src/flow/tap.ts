import { actorContext, BareFlow, checkKeys, describeOperator, type Frame } from '@sluice/core';
import { type OperatorFunction, tap as rxTap } from 'rxjs';
import { checkFunction } from '../options/check-option.ts';

/** Callbacks that look on. None of them owns the frame: look now, or `clone()` it. */
export interface TapObserver<F extends Frame> {
  /** Sees each frame before it goes on; it must neither close nor keep it. */
  readonly next?: (frame: F) => void;
  /** Sees the error that ends the stream. */
  readonly error?: (error: unknown) => void;
  /** Sees the end. */
  readonly complete?: () => void;
}

/**
 * Looks at what passes, without a part in it.
 *
 * Unlike RxJS's `tap`, a callback that throws is reported to the actor and the stream goes on. The frame belongs to the
 * receiver after the callback returned. Adds no latency.
 *
 * @example
 * ```ts
 * source.pipe(tap((frame) => console.log(frame.timestamp))).subscribe(toNull());
 * ```
 * @throws TypeError at once if a callback is no function
 * @see meter, level
 */
export function tap<F extends Frame>(observer: TapObserver<F> | ((frame: F) => void)): OperatorFunction<F, F> {
  const callbacks: TapObserver<F> = typeof observer === 'function' ? { next: observer } : observer;
  checkKeys<TapObserver<F>>('tap', callbacks, { next: true, error: true, complete: true });
  const { next = ignore, error = ignore, complete = ignore } = callbacks;
  checkFunction('tap.next', next);
  checkFunction('tap.error', error);
  checkFunction('tap.complete', complete);
  return describeOperator(
    { name: 'tap' },
    (source) =>
      new BareFlow<F>((destination) => {
        const context = actorContext();
        const guarded =
          <T>(callback: (value: T) => void) =>
          (value: T) => {
            try {
              callback(value);
            } catch (thrown) {
              context.report(thrown);
            }
          };
        const ended = guarded<void>(complete);
        return source
          .pipe(rxTap({ next: guarded(next), error: guarded(error), complete: () => ended() }))
          .subscribe(destination);
      }),
  );
}

function ignore(): void {}

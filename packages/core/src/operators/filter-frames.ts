import type { OperatorFunction } from 'rxjs';
import { invalidArgument } from '../errors.ts';
import { closeFrame, type Frame } from '../media/frame.ts';
import { createStep } from './step.ts';

/**
 * Lets those frames pass that a function says yes to, and closes the others, which RxJS's `filter` leaves to the garbage
 * collector: pooled pictures go back at once.
 *
 * The function looks at the frame and neither closes nor keeps it. If it throws, the frame is closed and what was thrown is
 * the stream's error. What was dropped leaves no gap. Adds no latency.
 *
 * @example
 * ```ts
 * camera.pipe(filterFrames((_, index) => index % 2 === 0)).subscribe(toCamera(device));
 * ```
 * @param passes gets the frame, and how many came before it in this subscription
 * @throws TypeError at once if it is no function
 * @see mapFrames
 */
export function filterFrames<F extends Frame>(passes: (frame: F, index: number) => boolean): OperatorFunction<F, F> {
  if (typeof passes !== 'function') throw invalidArgument('filterFrames.passes', 'a function', passes);
  return createStep<F, F>({ name: 'filterFrames' }, () => {
    let index = 0;
    return {
      next(frame) {
        let kept = false;
        try {
          kept = passes(frame, index++);
        } finally {
          if (!kept) closeFrame(frame);
        }
        return kept ? frame : undefined;
      },
    };
  });
}

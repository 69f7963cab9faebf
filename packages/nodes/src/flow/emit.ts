import type { Subscriber } from 'rxjs';

/** Emits a frame that an operator made; closes it if the receiver left while the operator was at it. */
export function emit<F extends { close(): void }>(destination: Subscriber<F>, frame: F): void {
  if (destination.closed) frame.close();
  else destination.next(frame);
}

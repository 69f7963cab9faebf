import type { AudioFrame } from '@sluice/core';
import type { Subscriber } from 'rxjs';

/** Emits a frame that an operator made; closes it if the receiver left while the operator was at it. */
export function emit(destination: Subscriber<AudioFrame>, frame: AudioFrame): void {
  if (destination.closed) frame.close();
  else destination.next(frame);
}

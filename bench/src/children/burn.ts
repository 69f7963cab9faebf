import type { Frame } from '@sluice/core';
import { type MonoTypeOperatorFunction, tap } from 'rxjs';

/** An operator that keeps its thread busy for `ms` with each frame. */
export default function burn({ ms }: { readonly ms: number }): MonoTypeOperatorFunction<Frame> {
  return tap(() => {
    for (const end = performance.now() + ms; performance.now() < end; );
  });
}

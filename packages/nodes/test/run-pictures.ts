import { type VideoFrame, withContext } from '@sluice/core';
import type { Observable, OperatorFunction } from 'rxjs';
import { TestContext } from './test-context.ts';

/** What left an operator, with the virtual time at which it did. The frames are closed; their bytes are not asked for. */
export interface Seen {
  readonly at: number;
  readonly timestamp: number;
  readonly duration: number;
  readonly gap: VideoFrame['gap'];
  /** The first byte, which tells the pictures of a test apart. */
  readonly mark: number;
}

/** Runs an operator over pictures in virtual time. */
export function runPictures(
  source: Observable<VideoFrame>,
  operator: OperatorFunction<VideoFrame, VideoFrame>,
  context = new TestContext(),
) {
  const seen: Seen[] = [];
  const state = { completed: false, error: undefined as unknown };
  const subscription = withContext(context, () =>
    source.pipe(operator).subscribe({
      next: (frame) => {
        const { timestamp, duration, gap } = frame;
        seen.push({ at: context.clock.now(), timestamp, duration, gap, mark: frame.data[0]! });
        frame.close();
      },
      error: (error: unknown) => {
        state.error = error;
      },
      complete: () => {
        state.completed = true;
      },
    }),
  );
  return { seen, state, context, subscription };
}

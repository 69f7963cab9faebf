import { AudioFrame, micros, withContext } from '@sluice/core';
import { ActorDouble, trackFrames } from '@sluice/core/testing';
import { Subject } from 'rxjs';
import { expect, it, vi } from 'vitest';
import { rnnoise } from './rnnoise.ts';

const library = vi.hoisted(() => ({ make: vi.fn() }));
vi.mock('@echogarden/rnnoise-wasm', () => ({ default: library.make }));

/** A subscription, and the frame that it was given. */
function subscribe() {
  const actor = new ActorDouble();
  const source = new Subject<AudioFrame>();
  const state = { error: undefined as unknown, completed: false };
  const subscription = withContext(actor, () =>
    source.pipe(rnnoise()).subscribe({
      next: (frame) => frame.close(),
      error: (error: unknown) => {
        state.error = error;
      },
      complete: () => {
        state.completed = true;
      },
    }),
  );
  const write = () =>
    source.next(
      new AudioFrame({ samples: new Int16Array(960), sampleRate: 48_000, channels: 1, timestamp: micros(0) }),
    );
  return { actor, source, state, subscription, write };
}

it('ends the stream when the library does not load, says what to install, and tries again', async () => {
  using frames = trackFrames();
  library.make.mockRejectedValueOnce(new Error('no such file'));
  const { actor, state, write } = subscribe();
  write();
  expect(actor.held).toBe(1);
  await actor.clock.settle();
  expect(state.error).toMatchObject({ model: 'rnnoise', category: 'give-up', cause: expect.any(Error) });
  expect(actor.held).toBe(0);
  expect(frames.open).toBe(0);
});

it('holds frames until the library is there, drops them on an interruption, and ends after them', async () => {
  using frames = trackFrames();
  let loaded = (_: unknown) => {};
  library.make.mockReturnValueOnce(
    new Promise((resolve) => {
      loaded = resolve;
    }),
  );
  const memory = { HEAPF32: new Float32Array(1_000), _malloc: () => 8, _free: () => {} };
  const calls = { _rnnoise_create: () => 1, _rnnoise_destroy: () => {}, _rnnoise_process_frame: () => 0 };
  const [interrupted, gone, kept] = [subscribe(), subscribe(), subscribe()];
  for (const { write } of [interrupted, gone, kept]) write();
  interrupted.actor.interrupt();
  gone.subscription.unsubscribe();
  kept.source.complete();
  expect([interrupted, gone, kept].map(({ actor }) => actor.held)).toEqual([0, 0, 1]);
  expect(kept.state.completed).toBe(false);
  loaded({ ...memory, ...calls });
  await kept.actor.clock.settle();
  expect(kept.state.completed).toBe(true);
  expect(kept.actor.held).toBe(0);
  expect(frames.open).toBe(0);
  expect(library.make).toHaveBeenCalledTimes(2);
});

import { videoFramePool, withContext } from '@sluice/core';
import { ActorDouble, trackFrames } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { animation, collect, pageOf, pixelsAt } from '../../test/drawn-images.ts';
import { type FromImageOptions, fromImage } from './from-image.ts';

describe('fromImage, animated', () => {
  it.each(['gif', 'webp'] as const)(
    'plays the pages of a %s in their own time, tiny delays as 100 ms',
    async (kind) => {
      using tracker = trackFrames();
      const frames = await collect(await animation(kind, [0, 50, 10, 200, 20]), { format: 'RGB' });
      expect(frames.map((frame) => [pageOf(frame), frame.timestamp, frame.duration])).toEqual([
        [0, 0, 100_000],
        [1, 100_000, 50_000],
        [2, 150_000, 100_000],
        [3, 250_000, 200_000],
        [4, 450_000, 20_000],
      ]);
      for (const frame of frames) frame.close();
      tracker.assertNone();
    },
  );

  it.each([
    ['once if it does not say', 1, undefined, 2],
    ['as often as it says', 3, undefined, 6],
    ['as often as it is told', 3, 2, 4],
    ['once if it is told', 0, false, 2],
  ] as const)('plays %s', async (_, stored, loop, expected) => {
    for (const kind of ['gif', 'webp'] as const) {
      const frames = await collect(await animation(kind, [50, 100], stored), { loop, format: 'RGB' });
      expect(frames.map(pageOf)).toEqual(Array.from({ length: expected }, (_, index) => index % 2));
      expect(frames.at(-1)!.timestamp).toBe((expected / 2 - 1) * 150_000 + 50_000);
      for (const frame of frames) frame.close();
    }
  });

  it('ends after a duration or a number of frames if it goes on for ever', async () => {
    const gif = await animation('gif', [50, 100], 0);
    const shown = async (options: FromImageOptions) => {
      const frames = await collect(gif, { format: 'RGB', ...options });
      for (const frame of frames) frame.close();
      return frames.map(({ timestamp, duration }) => [timestamp / 1e3, duration / 1e3]);
    };
    const first = [
      [0, 50],
      [50, 100],
      [150, 50],
    ];
    expect(await shown({ frames: 3 })).toEqual(first);
    expect(await shown({ duration: 0.2 })).toEqual(first);
    expect(await shown({ duration: 0.12 })).toEqual([
      [0, 50],
      [50, 70],
    ]);
    expect(await shown({ loop: true, duration: 0.2 })).toEqual(first);
  });

  it('comes at a constant rate if one is wanted, decoded once', async () => {
    using tracker = trackFrames();
    const gif = await animation('gif', [50, 100, 200]);
    const before = videoFramePool.stats.requests;
    const frames = await collect(gif, { frameRate: 25, loop: 2, format: 'RGB' });
    expect(videoFramePool.stats.requests - before).toBe(3);
    const expected = frames.map(({ timestamp }) => {
      const time = (timestamp / 1e3) % 350;
      return time < 50 ? 0 : time < 150 ? 1 : 2;
    });
    expect(frames.map(pageOf)).toEqual(expected);
    expect(frames).toHaveLength(Math.ceil(700 / 40));
    for (const frame of frames) frame.close();
    tracker.assertNone();
  });

  it('scales each page, with bars of its own', async () => {
    const frames = await collect(await animation('gif', [50, 100]), {
      width: 16,
      height: 8,
      format: 'RGBA',
      background: '#102030',
    });
    for (const frame of frames) {
      expect(pixelsAt(frame, 0, 4)).toEqual([16, 32, 48, 255]);
      expect(pixelsAt(frame, 15, 0)).toEqual([16, 32, 48, 255]);
      expect(pixelsAt(frame, 8, 4)[2]).toBe(64);
      frame.close();
    }
  });

  it('holds no more than two pieces of a large animation, in order over the seam and the rounds', async () => {
    using tracker = trackFrames();
    // 3 MiB a page: pieces of 10 pages.
    const webp = await animation('webp', Array(23).fill(40), 2, 888);
    const context = new ActorDouble();
    const pages: number[] = [];
    let highest = 0;
    const done = new Promise<void>((resolve, reject) =>
      withContext(context, () =>
        fromImage(webp, { format: 'RGB' }).subscribe({
          next: (frame) => {
            pages.push(pageOf(frame));
            highest = Math.max(highest, tracker.open);
            frame.close();
          },
          complete: resolve,
          error: reject,
        }),
      ),
    );
    await done;
    expect(pages).toEqual([...Array(23).keys(), ...Array(23).keys()]);
    expect(highest).toBeLessThanOrEqual(11);
    tracker.assertNone();
  });
});

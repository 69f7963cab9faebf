import { colorFormats, type VideoFrame } from '@sluice/core';
import fc from 'fast-check';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { movedElements, type Origin } from '../../test/moved-elements.ts';
import { pictureAt } from '../../test/picture-frames.ts';
import { videoOperatorChecklist } from '../../test/video-operator-checklist.ts';
import { flip } from './flip.ts';
import { type Rotation, rotate } from './rotate.ts';

const origins: Readonly<Record<string, readonly [operator: ReturnType<typeof rotate>, origin: Origin]>> = {
  'rotate by 90': [rotate({ degrees: 90 }), (x, y, from) => [y, from.height - 1 - x]],
  'rotate by 180': [rotate({ degrees: 180 }), (x, y, from) => [from.width - 1 - x, from.height - 1 - y]],
  'rotate by 270': [rotate({ degrees: 270 }), (x, y, from) => [from.width - 1 - y, x]],
  'flip horizontally': [flip(), (x, y, from) => [from.width - 1 - x, y]],
  'flip vertically': [flip({ direction: 'vertical' }), (x, y, from) => [x, from.height - 1 - y]],
};

const sizes = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70 }));

describe.each(Object.entries(origins))('%s', (_, [operator, origin]) => {
  it.each(colorFormats)('moves every element of %s to its place, at any size', (format) => {
    fc.assert(
      fc.property(sizes, ([width, height]) => {
        const frame = pictureAt(width * height, { width, height, format });
        const before = frame.clone();
        of(frame)
          .pipe(operator)
          .subscribe((moved: VideoFrame) => {
            expect(moved.data).toEqual(movedElements(before, moved, origin));
            moved.close();
          });
        before.close();
      }),
      { numRuns: 40 },
    );
  });

  it('takes pictures larger than its working memory', () => {
    // More than one band in each direction, and longer in one than a plane of the other.
    for (const [width, height] of [
      [401, 307],
      [3, 16_384],
      [16_384, 3],
    ] as const) {
      const frame = pictureAt(1, { width, height, format: 'RGBA' });
      const before = frame.clone();
      of(frame)
        .pipe(operator)
        .subscribe((moved: VideoFrame) => {
          expect(Buffer.compare(moved.data, movedElements(before, moved, origin))).toBe(0);
          moved.close();
        });
      before.close();
    }
  });
});

describe('rotate', () => {
  it('by 0 degrees passes the frame itself', () => {
    const frame = pictureAt(0);
    of(frame)
      .pipe(rotate({ degrees: 0 }))
      .subscribe((same) => expect(same).toBe(frame));
    frame.close();
  });

  it('refuses what it does not do', () => {
    expect(() => rotate({ degrees: 45 as Rotation })).toThrow(/rotate.degrees is not valid; expected one of 0, 90/);
    expect(() => flip({ direction: 'sideways' as 'vertical' })).toThrow(/flip.direction is not valid/);
    expect(() => rotate(90 as never)).toThrow(/^rotate is not valid; expected an object.*90/);
    expect(() => flip('vertical' as never)).toThrow(/flip is not valid; expected an object.*"vertical"/);
  });
});

videoOperatorChecklist('rotate', {
  make: () => rotate({ degrees: 90 }),
  produces: ({ width, height, format }) => ({ width: height, height: width, format }),
});
videoOperatorChecklist('flip', { make: () => flip() });

import { type ControlMessage, type VideoFrame, withContext } from '@sluice/core';
import { trackFrames } from '@sluice/core/testing';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { pictureAt } from '../../test/picture-frames.ts';
import { TestContext } from '../../test/test-context.ts';
import { videoOperatorChecklist } from '../../test/video-operator-checklist.ts';
import { brightness } from './brightness.ts';

videoOperatorChecklist('brightness', { make: () => brightness({ factor: 1.5, offset: 0.1 }) });
videoOperatorChecklist('brightness that changes nothing', { make: () => brightness() });

const format = { width: 4, height: 2, format: 'RGB' } as const;

function running(operator = brightness()) {
  const source = new Subject<VideoFrame>();
  const context = new TestContext();
  const seen: number[] = [];
  withContext(context, () =>
    source.pipe(operator).subscribe((frame) => {
      seen.push(frame.data[0]!);
      frame.close();
    }),
  );
  const show = (level: number) => {
    const frame = pictureAt(0, format);
    frame.data.fill(level);
    source.next(frame);
  };
  return { operator, context, source, seen, show };
}

describe('brightness', () => {
  it('follows its knob and messages from the next frame on; what is left out stays', () => {
    using tracked = trackFrames();
    const { operator, context, source, seen, show } = running();
    show(100);
    operator.setBrightness({ factor: 1.5 });
    show(100);
    operator.setBrightness({ offset: 0.2 });
    show(100);
    const message: ControlMessage = { type: 'set-brightness', factor: 0 };
    expect(context.send(message)).toBe(true);
    show(100);
    expect(context.send({ type: 'set-gain', db: 3 })).toBe(false);
    expect(seen).toEqual([100, 150, 201, 51]);
    source.complete();
    tracked.assertNone();
  });

  it('draws in place where nobody else looks, and passes frames untouched where nothing changes', () => {
    for (const factor of [1, 2]) {
      const source = new Subject<VideoFrame>();
      const seen: VideoFrame[] = [];
      source.pipe(brightness({ factor })).subscribe((frame) => seen.push(frame));
      const frame = pictureAt(0, format);
      source.next(frame);
      expect(seen).toEqual([frame]);
      frame.close();
    }
  });

  it.each([
    ['factor', TypeError, { factor: '2' as never }],
    ['factor', RangeError, { factor: 4.1 }],
    ['factor', RangeError, { factor: -0.1 }],
    ['offset', TypeError, { offset: Number.NaN }],
    ['offset', RangeError, { offset: 1.1 }],
  ])('refuses a wrong %s at once: %s', (name, kind, options) => {
    expect(() => brightness(options)).toThrow(kind);
    const operator = brightness();
    expect(() => operator.setBrightness(options)).toThrow(new RegExp(`^setBrightness\\.${name} `));
  });

  it('refuses what are no options', () => {
    expect(() => brightness(2 as never)).toThrow(/^brightness is not valid/);
    expect(() => brightness().setBrightness(null as never)).toThrow(/^setBrightness is not valid/);
  });
});

import { type AudioFrame, withContext } from '@sluice/core';
import { from, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { operatorChecklist } from '../../test/operator-checklist.ts';
import { frames, sine } from '../../test/ramp-frames.ts';
import { TestContext } from '../../test/test-context.ts';
import { meter } from '../flow/meter.ts';
import { tap } from '../flow/tap.ts';
import { type LevelReading, level } from './level.ts';

operatorChecklist('level', { make: () => level(), interruptible: false });
operatorChecklist('meter', { make: () => meter<AudioFrame>(), interruptible: false });
operatorChecklist('tap', { make: () => tap<AudioFrame>(() => {}), interruptible: false });

describe('level', () => {
  it('measures RMS and peak of each channel, in steps of media time', () => {
    const readings: LevelReading[] = [];
    const meterOperator = level({ intervalMs: 50, onLevel: (reading) => readings.push(reading) });
    const also: LevelReading[] = [];
    meterOperator.readings.subscribe((reading) => also.push(reading));
    const list = frames(8, 320, sine(500, 16_384));
    from(list).pipe(meterOperator).subscribe();
    expect(readings.map(({ timestamp, duration }) => [timestamp, duration])).toEqual([
      [0, 50_000],
      [50_000, 50_000],
      [100_000, 50_000],
      [150_000, 10_000],
    ]);
    expect(readings[0]!.peakDb).toBeCloseTo(-6.02, 2);
    expect(readings[0]!.rmsDb).toBeCloseTo(-9.03, 2);
    expect(readings[0]!.channels).toHaveLength(1);
    expect(also).toEqual(readings);
  });

  it('tells channels apart', () => {
    const readings: LevelReading[] = [];
    const [frame] = frames(1, 320, () => 0, { channels: 2 });
    for (let index = 0; index < 640; index += 2) frame!.samples[index] = index % 4 === 0 ? 16_384 : -16_384;
    from([frame!])
      .pipe(level({ intervalMs: 20, onLevel: (reading) => readings.push(reading) }))
      .subscribe();
    expect(readings[0]!.channels.map(({ rms }) => rms)).toEqual([0.5, 0]);
    expect(readings[0]!.channels[1]!.rmsDb).toBe(Number.NEGATIVE_INFINITY);
    expect(readings[0]!.peak).toBe(0.5);
  });

  it('reports what its callback throws, and goes on', () => {
    const context = new TestContext();
    let seen = 0;
    const broken = level({
      intervalMs: 20,
      onLevel: () => {
        throw new Error('no bar');
      },
    });
    withContext(context, () =>
      from(frames(3))
        .pipe(broken)
        .subscribe(() => seen++),
    );
    expect(seen).toBe(3);
    expect(context.reports).toHaveLength(3);
  });

  it('refuses options at once', () => {
    expect(() => level({ intervalMs: 0 })).toThrow(RangeError);
    expect(() => level({ onLevel: 4 as never })).toThrow(TypeError);
  });
});

describe('tap', () => {
  it('shows frames, errors and the end, and survives its callbacks', () => {
    const context = new TestContext();
    const seen: string[] = [];
    const watch = tap<AudioFrame>({
      next: () => {
        seen.push('frame');
        throw new Error('looked away');
      },
      complete: () => seen.push('end'),
    });
    let passed = 0;
    withContext(context, () =>
      from(frames(2))
        .pipe(watch)
        .subscribe(() => passed++),
    );
    expect(seen).toEqual(['frame', 'frame', 'end']);
    expect(passed).toBe(2);
    expect(context.reports).toHaveLength(2);
    expect(() => tap({ next: 4 as never })).toThrow(TypeError);
  });
});

describe('meter', () => {
  it('counts what passes and how it is spread over time', async () => {
    const context = new TestContext();
    const heard = meter<AudioFrame>();
    const list = frames(3);
    list[2]!.gap = { duration: 60_000 as never, reason: 'overflow' };
    expect(heard.read()).toMatchObject({ frames: 0, timestamp: undefined });

    const source = new Subject<AudioFrame>();
    withContext(context, () => source.pipe(heard).subscribe());
    for (const frame of list) {
      source.next(frame);
      await context.clock.advance(30);
    }
    expect(heard.read()).toEqual({
      frames: 3,
      mediaMs: 60,
      gaps: 1,
      missingMs: 60,
      timestamp: 40_000,
      elapsedMs: 60,
      longestWaitMs: 30,
    });
  });
});

import { type AudioFrame, NODE, type OperatorSpec } from '@sluice/core';
import { from } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { operatorChecklist } from '../../test/operator-checklist.ts';
import { frameAt, frames } from '../../test/ramp-frames.ts';
import { type RemixOptions, remix } from './remix.ts';

const to = (channels: number) => ({
  interruptible: false,
  produces: (input: { sampleRate: number }) => ({ sampleRate: input.sampleRate, channels }),
});

operatorChecklist('remix to stereo', { make: () => remix({ channels: 2 }), ...to(2) });
operatorChecklist('remix to mono', {
  make: () => remix({ channels: 1 }),
  format: { sampleRate: 48_000, channels: 6 },
  ...to(1),
});
operatorChecklist('remix with a matrix', {
  make: () => remix({ channels: 3, matrix: [[1], [0.5], [0]] }),
  otherFormat: { sampleRate: 48_000, channels: 1 },
  ...to(3),
});

function run(list: readonly AudioFrame[], options: RemixOptions) {
  const seen: AudioFrame[] = [];
  let error: unknown;
  from(list)
    .pipe(remix(options))
    .subscribe({
      next: (frame) => seen.push(frame),
      error: (reason: unknown) => {
        error = reason;
      },
    });
  return { seen, error };
}

const specOf = (operator: object) => (operator as { readonly [NODE]?: OperatorSpec })[NODE];

describe('remix', () => {
  it('maps samples and keeps time, gap and epoch', () => {
    const gap = { duration: 20_000 as AudioFrame['duration'], reason: 'source' as const };
    const frame = frameAt(320, 4, (index) => index, { channels: 2, gap, epoch: 2 });
    const { seen } = run([frame], { channels: 1 });
    expect([...seen[0]!.samples]).toEqual([320, 321, 322, 323]);
    expect(seen[0]).toMatchObject({ channels: 1, timestamp: 20_000, gap, epoch: 2 });
    expect(frame.closed).toBe(true);
  });

  it('passes frames that have the channels untouched', () => {
    const list = frames(3);
    expect(run(list, { channels: 1 }).seen).toEqual(list);
  });

  it('follows the speakers of each frame, also when only they change', () => {
    const samples = () => Int16Array.of(1_000, 2_000, 8_000);
    const frame = (index: number, channelMask?: number) =>
      frameAt(index, 1, undefined, { channels: 3, samples: samples(), channelMask });
    const list = [frame(0), frame(1, 0xb), frame(2, 0xb), frame(3, 0x103)];
    // L R C, 2.1 and L R S.
    expect(run(list, { channels: 1 }).seen.map((mono) => mono.samples[0])).toEqual([4_192, 1_500, 1_500, 3_667]);
    const [untouched] = run([frame(4, 0xb)], { channels: 3 }).seen;
    expect(untouched).toMatchObject({ channelMask: 0xb });
    const matrix = [
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ];
    expect(run([frame(5, 0xb)], { channels: 3, matrix }).seen[0]!.channelMask).toBeUndefined();
  });

  it('applies a matrix also when the count stays', () => {
    const swap = [
      [0, 1],
      [1, 0],
    ];
    const frame = frameAt(0, 1, undefined, { channels: 2, samples: Int16Array.of(1, 2) });
    expect([...run([frame], { channels: 2, matrix: swap }).seen[0]!.samples]).toEqual([2, 1]);
  });

  it('fails at a frame that the matrix does not fit, and closes it', () => {
    const frame = frameAt(0, 10, undefined, { channels: 2 });
    const { error } = run([frame], { channels: 1, matrix: [[1, 1, 1]] });
    expect(error).toMatchObject({ code: 'SLUICE_REMIX_CHANNELS' });
    expect(frame.closed).toBe(true);
  });

  it('tells the graph what it does', () => {
    const spec = specOf(remix({ channels: 1, matrix: [[0.5, 0.5]] }));
    expect(spec?.accepts).toEqual({ kind: 'audio', channels: 2 });
    expect(spec?.produces?.({ kind: 'audio', sampleRate: 16_000, channels: 2 })).toMatchObject({ channels: 1 });
    const surround = { kind: 'audio', sampleRate: 16_000, channels: 4, channelMask: 0x107 } as const;
    expect(specOf(remix({ channels: 2 }))?.produces?.(surround)).toEqual({
      kind: 'audio',
      sampleRate: 16_000,
      channels: 2,
    });
    expect(specOf(remix({ channels: 4 }))?.produces?.(surround)).toEqual(surround);
  });

  it('refuses bad options at once', () => {
    expect(() => remix({ channels: 0 })).toThrow(RangeError);
    expect(() => remix({} as RemixOptions)).toThrow(/remix.channels/);
    expect(() => remix({ channels: 2, matrix: [[1]] })).toThrow(/remix.matrix/);
    expect(() => remix({ channels: 2, matrix: [[1], [1, 2]] })).toThrow(TypeError);
    expect(() => remix({ channels: 1, matrix: [[]] })).toThrow(TypeError);
  });
});

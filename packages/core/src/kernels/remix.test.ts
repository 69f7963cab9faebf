import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { channelMaskOf, type Speaker, speakers } from '../media/channel-layout.ts';
import { createRemixer, remixMatrix } from './remix.ts';

const half = Math.SQRT1_2;

describe('remixMatrix', () => {
  test('stereo to mono is the mean, mono to stereo a copy', () => {
    expect(remixMatrix(2, 1)).toEqual([[0.5, 0.5]]);
    expect(remixMatrix(1, 2)).toEqual([[1], [1]]);
    expect(remixMatrix(1, 4)).toEqual([[1], [1], [0], [0]]);
  });

  test('5.1 to stereo is the downmix of BS.775, scaled to unity', () => {
    const sum = 1 + half + half;
    const [left, right] = remixMatrix(6, 2);
    [1, 0, half, 0, half, 0].forEach((gain, i) => {
      expect(left![i]).toBeCloseTo(gain / sum, 12);
    });
    [0, 1, half, 0, 0, half].forEach((gain, i) => {
      expect(right![i]).toBeCloseTo(gain / sum, 12);
    });
  });

  test('more speakers get what they have and silence otherwise', () => {
    expect(remixMatrix(1, 6).flat()).toEqual([0, 0, 1, 0, 0, 0]);
    expect(remixMatrix(2, 6).flat()).toEqual([1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(remixMatrix(3, 7).map((row) => row.indexOf(1))).toEqual([0, 1, 2, -1, -1, -1, -1]);
    expect(remixMatrix(8, 8).map((row) => row.indexOf(1))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('never clips and never loses all of a channel but the LFE', () => {
    const count = fc.integer({ min: 1, max: 16 });
    fc.assert(
      fc.property(count, count, (from, to) => {
        const matrix = remixMatrix(from, to);
        expect(matrix).toHaveLength(to);
        for (const row of matrix) {
          expect(row).toHaveLength(from);
          expect(row.reduce((sum, gain) => sum + gain, 0)).toBeLessThan(1 + 1e-12);
        }
        if (to > from || from > 8) return;
        for (let channel = 0; channel < from; channel++)
          if (channel !== 3 || from < 6 || to >= 6) expect(matrix.some((row) => row[channel]! > 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

/** Each layout of up to 8 channels that ffmpeg or GStreamer have a name for: its speakers, and their way to the left. */
const known: readonly (readonly [name: string, speakers: string, left: readonly number[]])[] = [
  ['stereo', 'FL FR', [1, 0]],
  ['2.1', 'FL FR LFE', [1, 0, 0]],
  ['3.0', 'FL FR FC', [1, 0, half]],
  ['3.0(back)', 'FL FR BC', [1, 0, 0.5]],
  ['3.1', 'FL FR FC LFE', [1, 0, half, 0]],
  ['4.0', 'FL FR FC BC', [1, 0, half, 0.5]],
  ['quad', 'FL FR BL BR', [1, 0, half, 0]],
  ['quad(side)', 'FL FR SL SR', [1, 0, half, 0]],
  ['4.1', 'FL FR FC LFE BC', [1, 0, half, 0, 0.5]],
  ['5.0', 'FL FR FC BL BR', [1, 0, half, half, 0]],
  ['5.0(side)', 'FL FR FC SL SR', [1, 0, half, half, 0]],
  ['5.1', 'FL FR FC LFE BL BR', [1, 0, half, 0, half, 0]],
  ['5.1(side)', 'FL FR FC LFE SL SR', [1, 0, half, 0, half, 0]],
  ['6.0', 'FL FR FC BC SL SR', [1, 0, half, 0.5, half, 0]],
  ['6.0(front)', 'FL FR FLC FRC SL SR', [1, 0, half, 0, half, 0]],
  ['hexagonal', 'FL FR FC BL BR BC', [1, 0, half, half, 0, 0.5]],
  ['6.1', 'FL FR FC LFE BC SL SR', [1, 0, half, 0, 0.5, half, 0]],
  ['6.1(back)', 'FL FR FC LFE BL BR BC', [1, 0, half, 0, half, 0, 0.5]],
  ['6.1(front)', 'FL FR LFE FLC FRC SL SR', [1, 0, 0, half, 0, half, 0]],
  ['7.0', 'FL FR FC BL BR SL SR', [1, 0, half, half, 0, half, 0]],
  ['7.0(front)', 'FL FR FC FLC FRC SL SR', [1, 0, half, half, 0, half, 0]],
  ['7.1', 'FL FR FC LFE BL BR SL SR', [1, 0, half, 0, half, 0, half, 0]],
  ['7.1(wide)', 'FL FR FC LFE BL BR FLC FRC', [1, 0, half, 0, half, 0, half, 0]],
  ['7.1(wide-side)', 'FL FR FC LFE FLC FRC SL SR', [1, 0, half, 0, half, 0, half, 0]],
  ['octagonal', 'FL FR FC BL BR BC SL SR', [1, 0, half, half, 0, 0.5, half, 0]],
  ['3.1.2', 'FL FR FC LFE TFL TFR', [1, 0, half, 0, half, 0]],
];
const mirror = (names: readonly string[], gains: readonly number[]) =>
  names.map(
    (name) =>
      gains[names.indexOf(name.replace(/[LR]/, (side) => (side === 'L' ? 'R' : 'L')))] ?? gains[names.indexOf(name)]!,
  );
const scaled = (gains: readonly number[]) => {
  const sum = gains.reduce((total, gain) => total + gain, 0);
  return sum > 1 ? gains.map((gain) => gain / sum) : gains;
};

describe('remixMatrix by speakers', () => {
  test.each(known)('%s to stereo and mono', (_, list, left) => {
    const names = list.split(' ');
    const fromMask = channelMaskOf(names as Speaker[]);
    const right = mirror(names, left);
    const stereo = remixMatrix(names.length, 2, { fromMask });
    const mono = remixMatrix(names.length, 1, { fromMask });
    const expected = [scaled(left), scaled(right), scaled(left.map((gain, i) => half * (gain + right[i]!)))];
    for (const [row, gains] of [stereo[0]!, stereo[1]!, mono[0]!].entries())
      for (const [i, gain] of gains.entries())
        expect([row, i, gain]).toEqual([row, i, expect.closeTo(expected[row]![i]!, 12)]);
    if (list.includes('LFE')) for (const row of [...stereo, ...mono]) expect(row[names.indexOf('LFE')]).toBe(0);
  });

  test('without a mask is 3.0, quad, 5.0, 5.1, 6.1 and 7.1', () => {
    for (const name of ['stereo', '3.0', 'quad', '5.0', '5.1', '6.1', '7.1']) {
      const names = known.find(([other]) => other === name)![1].split(' ') as Speaker[];
      const fromMask = channelMaskOf(names);
      for (const to of [1, 2, 6, 8])
        expect(remixMatrix(names.length, to)).toEqual(remixMatrix(names.length, to, { fromMask }));
    }
  });

  test('2.1 to mono is the mean of left and right', () => {
    expect(remixMatrix(3, 1, { fromMask: 0xb })).toEqual([[expect.closeTo(0.5), expect.closeTo(0.5), 0]]);
  });

  test('to speakers: what is there stays, a pair of surrounds is one at the sides and in the back', () => {
    const to = (from: string, speakers: string) => {
      const [inputs, outputs] = [from.split(' '), speakers.split(' ')];
      const fromMask = channelMaskOf(inputs as Speaker[]);
      return remixMatrix(inputs.length, outputs.length, { fromMask, toMask: channelMaskOf(outputs as Speaker[]) });
    };
    const identity = (size: number) =>
      Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j) => +(i === j)));
    expect(to('FL FR FC LFE SL SR', 'FL FR FC LFE BL BR')).toEqual(identity(6));
    expect(to('FL FR LFE', 'FL FR FC LFE BL BR').map((row) => row.indexOf(1))).toEqual([0, 1, -1, 2, -1, -1]);
    expect(to('FL FR FC BC', 'FL FR BL BR').map((row) => row.map((gain) => gain > 0))).toEqual([
      [true, false, true, false],
      [false, true, true, false],
      [false, false, false, true],
      [false, false, false, true],
    ]);
    expect(to('FL FR FC BL BR', 'FL FR FC BC')[3]).toEqual([0, 0, 0, expect.closeTo(0.5), expect.closeTo(0.5)]);
    expect(to('FC', 'FL FR LFE')).toEqual([[1], [1], [0]]);
    // Where no way leads to a speaker, its channel keeps its place.
    expect(to('FL FR', 'BL BR')).toEqual(identity(2));
  });

  test('loses nothing but the LFE, clips nothing, and treats left as right, for any speakers', () => {
    const some = fc.subarray([...speakers], { minLength: 2 });
    fc.assert(
      fc.property(some, fc.constantFrom(1, 2), (list, to) => {
        const names: Speaker[] = [...list];
        const matrix = remixMatrix(names.length, to, { fromMask: channelMaskOf(names) });
        for (const row of matrix) expect(row.reduce((sum, gain) => sum + gain, 0)).toBeLessThan(1 + 1e-12);
        for (const [channel, name] of names.entries())
          expect([name, matrix.some((row) => row[channel]! > 0)]).toEqual([name, name !== 'LFE']);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('createRemixer', () => {
  test('rounds to nearest and clamps', () => {
    expect([...createRemixer({ from: 2, to: 1 })(Int16Array.of(1, 2, -1, -2, 32_767, 32_767))]).toEqual([
      2, -1, 32_767,
    ]);
    const loud = createRemixer({ from: 1, to: 2, matrix: [[2], [-2]] });
    expect([...loud(Int16Array.of(20_000, -20_000))]).toEqual([32_767, -32_768, -32_768, 32_767]);
    expect([...createRemixer({ from: 1, to: 2 })(Int16Array.of(5, 6))]).toEqual([5, 5, 6, 6]);
  });

  test('follows the mask also with two channels', () => {
    expect([...createRemixer({ from: 2, to: 1, fromMask: 0xc })(Int16Array.of(100, 1_000))]).toEqual([100]);
    expect([...createRemixer({ from: 3, to: 1, fromMask: 0xb })(Int16Array.of(100, 200, 9_000))]).toEqual([150]);
  });

  test('the short cuts equal the matrix', () => {
    const input = fc.int16Array({ maxLength: 64 });
    fc.assert(
      fc.property(input, (samples) => {
        const even = samples.slice(0, samples.length & ~1);
        expect(createRemixer({ from: 2, to: 1 })(even)).toEqual(
          createRemixer({ from: 2, to: 1, matrix: remixMatrix(2, 1) })(even),
        );
        expect(createRemixer({ from: 1, to: 2 })(samples)).toEqual(
          createRemixer({ from: 1, to: 2, matrix: remixMatrix(1, 2) })(samples),
        );
      }),
    );
  });

  test('bad input is a typed error at once', () => {
    expect(() => createRemixer({ from: 0, to: 1 })).toThrow(RangeError);
    expect(() => createRemixer({ from: 2, to: 1, matrix: [[1, Number.NaN]] })).toThrow(TypeError);
    expect(() =>
      createRemixer({
        from: 2,
        to: 1,
        matrix: [
          [1, 1],
          [1, 1],
        ],
      }),
    ).toThrow(/one row/);
    expect(() => createRemixer({ from: 2, to: 1, matrix: [[1]] })).toThrow(/2 finite gains/);
    expect(() => createRemixer({ from: 2, to: 1 })(new Int16Array(3))).toThrow(/whole frames/);
    expect(() => createRemixer({ from: 3, to: 1 })(new Int16Array(4))).toThrow(/whole frames/);
  });
});

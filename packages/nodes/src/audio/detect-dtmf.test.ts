import { type AudioFrame, withContext } from '@sluice/core';
import { decodeG711, encodeG711 } from '@sluice/core/kernels';
import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { allKeys } from '../../test/dtmf-signal.ts';
import { operatorChecklist } from '../../test/operator-checklist.ts';
import { frames, joined } from '../../test/ramp-frames.ts';
import { TestContext } from '../../test/test-context.ts';
import { type FromDtmfOptions, fromDtmf } from '../sources/from-dtmf.ts';
import { type DtmfDigit, detectDtmf } from './detect-dtmf.ts';
import { rechunk } from './rechunk.ts';

operatorChecklist('detectDtmf', { make: () => detectDtmf(), interruptible: false });

const dialled = (digits: string, options: FromDtmfOptions = {}): Promise<AudioFrame[]> =>
  lastValueFrom(fromDtmf(digits, options).pipe(toArray()));

function listen(list: readonly AudioFrame[]): DtmfDigit[] {
  const heard: DtmfDigit[] = [];
  from(list)
    .pipe(detectDtmf({ onDigit: (digit) => heard.push(digit) }))
    .subscribe((frame) => frame.close());
  return heard;
}

const text = (heard: readonly DtmfDigit[]) => heard.map(({ digit }) => digit).join('');

describe('detectDtmf', () => {
  it.each([8_000, 16_000, 48_000])('hears what fromDtmf dials at %i Hz, at all levels', async (sampleRate) => {
    for (const levelDb of [-25, -12, -3])
      for (const twistDb of [-8, 4])
        expect(text(listen(await dialled(allKeys, { sampleRate, levelDb, twistDb, toneMs: 45, pauseMs: 45 })))).toBe(
          allKeys,
        );
  });

  it.each(['mu', 'a'] as const)('hears all keys through G.711, %s-law, at all levels', async (law) => {
    for (const levelDb of [-25, -12, -3]) {
      const list = await dialled(allKeys, { sampleRate: 8_000, levelDb, toneMs: 45, pauseMs: 45 });
      const coded = list.map((frame) => frame.derive({ samples: decodeG711(encodeG711(frame.samples, law), law) }));
      expect(text(listen(coded))).toBe(allKeys);
    }
  });

  it('tells each digit once, with its media time and how late that is, and passes the sound', async () => {
    const list = await dialled('55,9', { sampleRate: 8_000, toneMs: 140, pauseMs: 60, commaMs: 500, channels: 2 });
    const samples = list.map((frame) => frame.samples);
    const heard: DtmfDigit[] = [];
    const also: DtmfDigit[] = [];
    const operator = detectDtmf({ onDigit: (digit) => heard.push(digit) });
    operator.digits.subscribe((digit) => also.push(digit));
    const seen = await lastValueFrom(from(list).pipe(operator, toArray()));
    expect(seen.map((frame) => frame.samples)).toEqual(samples);
    expect(seen[0]).toBe(list[0]);
    expect(also).toEqual(heard);
    expect(text(heard)).toBe('559');
    for (const [index, start] of [0, 200, 900].entries()) {
      expect(Math.abs(heard[index]!.start / 1_000 - start)).toBeLessThan(3);
      expect(Math.abs(heard[index]!.end / 1_000 - start - 140)).toBeLessThan(3);
      expect(heard[index]!.lateMs).toBeGreaterThan(14);
      expect(heard[index]!.lateMs).toBeLessThanOrEqual(45);
    }
  });

  it('hears digits cut over the borders of frames of any size, and counts them late by the frame', async () => {
    const source = () => fromDtmf('147*', { sampleRate: 8_000, toneMs: 45, pauseMs: 50 });
    for (const samples of [1, 37, 333, 4_001]) {
      const heard = listen(await lastValueFrom(source().pipe(rechunk({ samples }), toArray())));
      expect(text(heard)).toBe('147*');
      expect(heard[0]!.lateMs).toBeLessThanOrEqual(25 + 3 + samples / 8);
      expect(heard[3]!.start / 1_000).toBeCloseTo(285, -1);
    }
  });

  it('hears nothing in 20 ms, and 45 ms of a tone that was cut', async () => {
    expect(listen(await dialled(allKeys, { toneMs: 20, pauseMs: 60 }))).toEqual([]);
    const cut = (await dialled('8', { toneMs: 500, sampleRate: 16_000, frameMs: 45 })).slice(0, 1);
    expect(text(listen(cut))).toBe('8');
  });

  it('goes on across a short gap, and ends a digit at a long one, a new epoch and another format', async () => {
    const tone = async (sampleRate = 8_000) =>
      (await dialled('6', { sampleRate, toneMs: 100, pauseMs: 0, frameMs: 100 }))[0]!;
    const after = async (change: object, gapMs?: number) => {
      const second = await tone();
      const gap = gapMs === undefined ? {} : { gap: { duration: gapMs * 1_000, reason: 'loss' } };
      const moved = second.derive({ timestamp: (100_000 + (gapMs ?? 0) * 1_000) as never, ...gap, ...change } as never);
      return listen([await tone(), moved]);
    };
    expect(await after({})).toHaveLength(1);
    const [bridged] = await after({}, 30);
    expect([Math.floor(bridged!.start / 1_000), bridged!.end]).toEqual([0, 230_000]);
    const parted = await after({}, 60);
    expect(parted.map(({ start, end }) => [Math.round(start / 10_000), Math.round(end / 10_000)])).toEqual([
      [0, 10],
      [16, 26],
    ]);
    expect(await after({ epoch: 1 })).toHaveLength(2);
    expect(listen([await tone(), (await tone(16_000)).move({ timestamp: 100_000 as never })])).toHaveLength(2);
  });

  it('hears the mean of all channels', async () => {
    const mono = joined(await dialled('4', { sampleRate: 8_000 }));
    const samples = new Int16Array(2 * mono.length);
    for (let index = 0; index < mono.length; index++) samples[2 * index + 1] = mono[index]!;
    const [left] = frames(1, mono.length, () => 0, { sampleRate: 8_000, channels: 2 });
    expect(text(listen([left!.derive({ samples })]))).toBe('4');
  });

  it('reports what its callback throws, and a rate that is too low, once', async () => {
    const context = new TestContext();
    const list = await dialled('1', { sampleRate: 8_000 });
    const broken = detectDtmf({
      onDigit: () => {
        throw new Error('no menu');
      },
    });
    let passed = 0;
    withContext(context, () =>
      from(list)
        .pipe(broken)
        .subscribe(() => passed++),
    );
    expect(passed).toBe(list.length);
    expect(context.reports).toEqual([new Error('no menu')]);
    const low = frames(3, 40, () => 0, { sampleRate: 2_000 });
    low[2]!.epoch = 1;
    withContext(context, () => from(low).pipe(detectDtmf()).subscribe());
    expect(context.reports.slice(1)).toEqual([expect.objectContaining({ code: 'SLUICE_OUT_OF_RANGE' })]);
  });

  it('refuses options at once', () => {
    expect(() => detectDtmf({ onDigit: 4 as never })).toThrow(TypeError);
    expect(() => detectDtmf({ minLevelDb: 3 })).toThrow(RangeError);
  });
});

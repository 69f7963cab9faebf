import { describe, expect, test } from 'vitest';
import { BlockCoverage } from './block-coverage.ts';
import { Dice } from './dice.ts';
import { dictionaryOf } from './dictionary.ts';
import { examine } from './examine.ts';
import { fuzz } from './fuzz.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { minimise } from './minimise.ts';
import { mutate } from './mutate.ts';
import { Stretches } from './stretches.ts';
import { parseToy, ToyError } from './toy-parser.ts';

const toy: FuzzTarget = {
  name: 'toy',
  reads: 'boxes',
  seeds: () => [''],
  run: (input) => void parseToy(input),
  documents: (error) => error instanceof ToyError,
  guides: /toy-parser/,
  maxBytes: 64,
};

describe('the search', () => {
  const runs = 30_000;

  test('finds a fault behind nine checks by the blocks that it reaches, which blind changes do not', async () => {
    const guided = await fuzz(toy, { runs, seed: 1 });
    const blind = await fuzz(toy, { runs, seed: 1, guided: false });
    expect(guided.findings.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['error', 'TypeError: kinds[kind] is not a function'],
    ]);
    expect(blind.findings).toEqual([]);
    expect(guided.blocks).toBeGreaterThan(blind.blocks);
    // As short as the fault is: the word, the version, a count and the first entry.
    expect(guided.findings[0]!.input.length).toBe(9);
  });

  test('does the same for the same seed', async () => {
    const [first, second] = [await fuzz(toy, { runs: 3_000, seed: 7 }), await fuzz(toy, { runs: 3_000, seed: 7 })];
    expect(second.corpus).toEqual(first.corpus);
    expect((await fuzz(toy, { runs: 3_000, seed: 8 })).corpus).not.toEqual(first.corpus);
  });
});

describe('an input', () => {
  const target = (run: FuzzTarget['run']): FuzzTarget => ({ ...toy, run });

  test('that takes too long, or too much memory, each time is a finding', async () => {
    const slow = target(() => {
      const begun = process.cpuUsage();
      for (;;) {
        const { user, system } = process.cpuUsage(begun);
        if (user + system > 60_000) return;
      }
    });
    expect(await examine(slow, new Uint8Array(1))).toMatchObject({ kind: 'slow' });
    const large = target(() => void new Uint8Array(24 * 2 ** 20).fill(1));
    expect(await examine(large, new Uint8Array(1))).toMatchObject({ kind: 'memory' });
  });

  test('that is slow once is none: something else was', async () => {
    let times = 0;
    const once = target(() => {
      const begun = process.cpuUsage();
      if (times++ === 0) while (process.cpuUsage(begun).user < 80_000);
    });
    expect(await examine(once, new Uint8Array(1))).toBeUndefined();
    expect(times).toBeGreaterThan(1);
  });

  test('that a reader of promises rejects with a stranger is a finding', async () => {
    const late = target(() => Promise.reject(new Error('late')));
    expect(await examine(late, new Uint8Array(1))).toMatchObject({ kind: 'error', detail: 'Error: late' });
    expect(
      await examine(
        target(() => Promise.reject(new ToyError())),
        new Uint8Array(1),
      ),
    ).toBeUndefined();
  });

  test('is made short and plain', async () => {
    const input = Uint8Array.from(Buffer.from('some text, then !! and more of it ?'));
    const short = await minimise(input, async (one) => Buffer.from(one).includes('!') && one.length > 2);
    expect(Buffer.from(short).toString()).toBe('aa!');
  });

  test('is changed within its length, and the given one stays as it is', () => {
    const dice = new Dice(3);
    const input = Uint8Array.from(Buffer.from('{"a":[1,22,333]}'));
    const before = input.slice();
    const lengths = new Set<number>();
    for (let round = 0; round < 3_000; round++) {
      const words = [Uint8Array.of(1, 2, 3)];
      const changed = mutate(input, dice, { other: Uint8Array.of(9, 9, 9), words, maxBytes: 100 });
      expect(changed.length).toBeLessThanOrEqual(100);
      lengths.add(changed.length);
    }
    expect(input).toEqual(before);
    expect(lengths.size).toBeGreaterThan(80);
  });
});

describe('coverage', () => {
  test('tells what ran for the first time, and only that', () => {
    const coverage = new BlockCoverage((url) => /toy-parser/.test(url));
    const box = (...bytes: number[]) => Uint8Array.from([...Buffer.from('SLUICE'), ...bytes]);
    const fails = (input: Uint8Array) => expect(() => parseToy(input)).toThrow();
    fails(box(1));
    expect(coverage.take()).toBeGreaterThan(0);
    fails(box(1));
    expect(coverage.take()).toBe(0);
    expect(parseToy(box(2, 1, 1))).toBe('one');
    expect(coverage.take(false)).toBeGreaterThan(0);
    expect(parseToy(box(2, 1, 1))).toBe('one');
    expect(coverage.take()).toBeGreaterThan(0);
    expect(coverage.urls).toEqual([expect.stringContaining('toy-parser')]);
  });

  test('counts a stretch once, however its blocks are joined', () => {
    const range = (startOffset: number, endOffset: number, count: number) => ({ startOffset, endOffset, count });
    const stretches = new Stretches(0, 100);
    // From 40 to 60 nothing ran, but for its middle.
    expect(stretches.run([range(0, 100, 5), range(40, 60, 0), range(45, 50, 1)], true)).toBe(3);
    expect(stretches.run([range(0, 100, 1), range(40, 60, 0)], true)).toBe(0);
    expect(stretches.run([range(0, 100, 7)], false)).toBe(2);
    expect(stretches.run([range(0, 100, 7)], true)).toBe(2);
    expect(stretches.empty).toBe(true);
  });

  test('gives the words of what ran', () => {
    const words = dictionaryOf([new URL('./toy-parser.ts', import.meta.url).href], ['more']);
    const texts = words.map((word) => Buffer.from(word).toString());
    expect(texts).toEqual(expect.arrayContaining(['SLUICE', 'another version', 'more']));
  });
});

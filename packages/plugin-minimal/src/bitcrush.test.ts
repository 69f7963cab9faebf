import { audioFrame, micros } from '@sluice/core';
import { nodeHarness } from '@sluice/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitcrush } from './bitcrush.ts';

/** What leaves for these samples. */
async function crushed(samples: readonly number[], bits: number): Promise<readonly number[]> {
  await using h = await nodeHarness(bitcrush({ bits }));
  h.push(
    'in',
    audioFrame({ samples: Int16Array.from(samples), sampleRate: 16_000, channels: 1, timestamp: micros(0) }),
  );
  await h.settle();
  const left = h.outputs('out').flatMap(({ frame }) => [...(frame as { samples?: Int16Array }).samples!]);
  await h.finish();
  return left;
}

describe('bitcrush', () => {
  it('clears the lower bits, and rounds down on both sides of zero', async () => {
    expect(await crushed([0, 1, 255, 256, -1, -256, -257, 32_767, -32_768], 8)).toEqual([
      0, 0, 0, 256, -256, -256, -512, 32_512, -32_768,
    ]);
    expect(await crushed([1, 32_767, -1], 1)).toEqual([0, 0, -32_768]);
  });

  it('changes nothing with all 16 bits, and nothing more when it is done twice', async () => {
    const samples = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(samples, fc.integer({ min: 1, max: 16 }), async (given, bits) => {
        expect(await crushed(given, 16)).toEqual(given);
        const once = await crushed(given, bits);
        expect(await crushed(once, bits)).toEqual(once);
        for (const [index, sample] of once.entries()) expect(given[index]! - sample).toBeLessThan(2 ** (16 - bits));
      }),
      { numRuns: 20 },
    );
  });

  it('refuses options that are none', () => {
    const invalid = expect.objectContaining({ code: 'SLUICE_NODE_OPTIONS' });
    for (const bits of [0, 17, 2.5, Number.NaN]) expect(() => bitcrush({ bits })).toThrow(invalid);
    // @ts-expect-error misspelt
    expect(() => bitcrush({ bit: 4 })).toThrow(/did you mean bits/);
  });

  it('tells its options as JSON Schema', () => {
    expect(bitcrush.optionsSchema).toMatchObject({
      properties: { bits: { type: 'integer', minimum: 1, maximum: 16, default: 8 } },
      additionalProperties: false,
    });
  });
});

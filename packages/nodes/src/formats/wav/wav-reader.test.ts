import { mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSluiceError } from '@sluice/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wavHeader } from './wav-header-bytes.ts';
import { type WavRange, WavReader } from './wav-reader.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-wav-'));
});
afterAll(() => rm(folder, { recursive: true }));

const format = { sampleRate: 8_000, channels: 1 };
/** Samples that say which one they are. */
const ramp = (length: number, first = 0) => Int16Array.from({ length }, (_, i) => (first + i) % 30_000);

async function file(name: string, samples: Int16Array, dataBytes = samples.byteLength): Promise<string> {
  const path = join(folder, name);
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  await writeFile(path, Buffer.concat([wavHeader(format, dataBytes), bytes]));
  return path;
}

async function readAll(path: string, range: WavRange = {}): Promise<{ samples: number[]; missing: number }> {
  const reader = await WavReader.open(path);
  reader.select(range);
  const samples: number[] = [];
  for (let piece = await reader.next(); piece !== undefined; piece = await reader.next()) {
    expect(piece.byteLength).toBeLessThanOrEqual(65_536);
    samples.push(...piece);
  }
  await reader.close();
  return { samples, missing: reader.missingBytes };
}

describe('WavReader', () => {
  it('reads in pieces, every sample once', async () => {
    const samples = ramp(100_000);
    expect((await readAll(await file('long.wav', samples))).samples).toEqual([...samples]);
  });

  it.each([
    [0, 1, 0, 8_000],
    [0.5, 0.500125, 4_000, 4_001],
    [5, 12.5, 40_000, 100_000],
    [12.5, undefined, 100_000, 100_000],
  ])('reads from %f to %f s', async (start, end, first, last) => {
    const path = await file('range.wav', ramp(100_000));
    expect((await readAll(path, { start, end })).samples).toEqual([...ramp(100_000).subarray(first, last)]);
  });

  it('plays a stretch again without a gap, across pieces and within one', async () => {
    const path = await file('loop.wav', ramp(40_000));
    const twice = (await readAll(path, { plays: 2 })).samples;
    expect(twice).toEqual([...ramp(40_000), ...ramp(40_000)]);
    const often = (await readAll(path, { start: 0.1, end: 0.2, plays: 5 })).samples;
    expect(often).toEqual(Array.from({ length: 5 }, () => [...ramp(800, 800)]).flat());
  });

  it('ends at once when there is nothing to play for ever', async () => {
    const path = await file('empty.wav', ramp(0));
    expect(await readAll(path, { plays: Number.POSITIVE_INFINITY })).toEqual({ samples: [], missing: 0 });
  });

  it('ends when the file shrinks to nothing while it plays for ever', async () => {
    const path = await file('shrinks.wav', ramp(1_000));
    const reader = await WavReader.open(path);
    reader.select({ plays: Number.POSITIVE_INFINITY });
    await truncate(path, 80);
    let pieces = 0;
    while ((await reader.next()) !== undefined) expect(++pieces).toBeLessThan(10);
    await reader.close();
  });

  it('reads to the end what announces more, and says what is missing', async () => {
    const path = await file('short.wav', ramp(1_000), 5_000);
    expect(await readAll(path)).toEqual({ samples: [...ramp(1_000)], missing: 3_000 });
  });

  it('reads a streamed file to its end', async () => {
    for (const size of [0, 0x7fff_f000, 0xffff_ffff - 72]) {
      const path = await file('streamed.wav', ramp(1_000), size);
      expect(await readAll(path)).toEqual({ samples: [...ramp(1_000)], missing: 0 });
    }
  });

  it('stops before the chunks behind the audio', async () => {
    const path = await file('trailer.wav', ramp(1_200), 2_000);
    expect(await readAll(path)).toEqual({ samples: [...ramp(1_000)], missing: 0 });
  });

  it('drops half a sample at the end and says so', async () => {
    const path = await file('odd.wav', ramp(10));
    await truncate(path, 80 + 15);
    expect(await readAll(path)).toEqual({ samples: [...ramp(7)], missing: 5 });
  });

  it('reads beyond 4 GiB', async () => {
    const path = join(folder, 'huge.wav');
    const dataBytes = 5 * 2 ** 30;
    const handle = await open(path, 'w');
    await handle.write(wavHeader(format, dataBytes), 0);
    const tail = ramp(8_000);
    // The file is a hole but for its ends: it takes no room on the disk.
    await handle.write(new Uint8Array(tail.buffer), 0, tail.byteLength, 80 + dataBytes - tail.byteLength);
    await handle.close();
    const { samples, missing } = await readAll(path, { start: dataBytes / 16_000 - 1 });
    expect(samples).toEqual([...tail]);
    expect(missing).toBe(0);
  });

  it('refuses to start behind the end', async () => {
    const reader = await WavReader.open(await file('start.wav', ramp(8_000)));
    expect(() => reader.select({ start: 1.5 })).toThrow(/start is out of range; expected 0 to 1 s/);
    await reader.close();
  });

  it('reads any damaged file to an end, or to one of our errors', async () => {
    const path = join(folder, 'damaged.wav');
    const fixtures = fileURLToPath(new URL('../../../test/fixtures/', import.meta.url));
    const names = ['ima-adpcm-2ch', 'ms-adpcm-1ch', 'a-law-1ch'].map((name) => `${fixtures}sweep-${name}.wav`);
    const seeds = await Promise.all([...names, await file('sound.wav', ramp(500))].map((name) => readFile(name)));
    const damage = fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...seeds), damage, fc.nat(2_000), async (seed, changes, cut) => {
        const bytes = Buffer.from(seed.subarray(0, seed.length - (cut % 3 === 0 ? cut : 0)));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        await writeFile(path, bytes);
        try {
          const { samples } = await readAll(path, { plays: 2 });
          expect(samples.length).toBeLessThanOrEqual(2 * 4 * seed.length);
        } catch (error) {
          if (!isSluiceError(error)) throw error;
        }
      }),
      { numRuns: 400 },
    );
  });

  it('names the file in every error', async () => {
    await expect(WavReader.open(join(folder, 'none.wav'))).rejects.toMatchObject({
      code: 'SLUICE_FILE_READ',
      cause: { code: 'ENOENT' },
    });
    await expect(WavReader.open(folder)).rejects.toMatchObject({ code: 'SLUICE_FILE_READ' });
    const path = join(folder, 'text.wav');
    await writeFile(path, 'not audio at all');
    await expect(WavReader.open(path)).rejects.toMatchObject({
      code: 'SLUICE_WAV_NOT_WAV',
      message: expect.stringContaining('text.wav'),
    });
    await writeFile(path, '');
    await expect(WavReader.open(path)).rejects.toMatchObject({ code: 'SLUICE_WAV_TRUNCATED' });
  });
});

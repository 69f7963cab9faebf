import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ByteReader } from './byte-reader.ts';
import { byteOpener } from './byte-source.ts';
import { FileByteReader } from './file-byte-reader.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-bytes-'));
});
afterAll(() => rm(folder, { recursive: true }));

const pieces = (content: Uint8Array, step: number) =>
  Array.from({ length: Math.ceil(content.length / step) }, (_, i) => content.subarray(i * step, (i + 1) * step));

/** The same bytes from a file and from streams cut in several ways. */
async function* readers(content: Uint8Array, step: number): AsyncGenerator<ByteReader> {
  const path = join(folder, 'bytes');
  await writeFile(path, content);
  yield await byteOpener(path).open();
  yield await byteOpener(Readable.from(pieces(content, step), { objectMode: false })).open();
}

describe('ByteReader', () => {
  it('gives lines and bytes in turn as they lie in the input, however it is cut', async () => {
    const record = fc.record({ text: fc.stringMatching(/^[a-z ]{0,90}$/), bytes: fc.uint8Array({ maxLength: 200 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 6 }), fc.integer({ min: 1, max: 100 }), async (records, step) => {
        const content = Buffer.concat(records.flatMap(({ text, bytes }) => [Buffer.from(`${text}\n`), bytes]));
        for await (const reader of readers(content, step)) {
          for (const { text, bytes } of records) {
            expect(await reader.line(90)).toEqual({ text, complete: true });
            const target = new Uint8Array(bytes.length);
            expect(await reader.fill(target)).toBe(bytes.length);
            expect(target).toEqual(bytes);
          }
          expect(await reader.line(90)).toEqual({ text: '', complete: false });
          expect(await reader.fill(new Uint8Array(3))).toBe(0);
          await reader.close();
        }
      }),
      { numRuns: 40 },
    );
  });

  it('stops a line at its limit, and reads on behind it', async () => {
    for await (const reader of readers(Buffer.from('abcdef\ngh'), 3)) {
      expect(await reader.line(4)).toEqual({ text: 'abcd', complete: false });
      expect(await reader.line(4)).toEqual({ text: 'ef', complete: true });
      const target = new Uint8Array(5);
      expect(await reader.fill(target)).toBe(2);
      expect([...target]).toEqual([...Buffer.from('gh'), 0, 0, 0]);
      await reader.close();
    }
  });

  it('takes a line that is exactly as long as its limit', async () => {
    for await (const reader of readers(Buffer.from('abcd\nx'), 4)) {
      expect(await reader.line(4)).toEqual({ text: 'abcd', complete: true });
      await reader.close();
    }
  });

  it('ends when it is closed, also under a read', async () => {
    const silent = new Readable({ read: () => {} });
    const stream = await byteOpener(silent).open();
    const waiting = stream.fill(new Uint8Array(4));
    await stream.close();
    expect(await waiting).toBe(0);
    expect(silent.destroyed).toBe(true);
    const path = join(folder, 'long');
    await writeFile(path, new Uint8Array(1_000));
    const file = await FileByteReader.open(path);
    const reading = file.fill(new Uint8Array(1_000));
    await file.close();
    expect([0, 1_000]).toContain(await reading);
    expect(await file.fill(new Uint8Array(1))).toBe(0);
  });

  it('goes back in a file', async () => {
    const path = join(folder, 'again');
    await writeFile(path, 'one\ntwo\n');
    const reader = await FileByteReader.open(path);
    expect((await reader.line(9)).text).toBe('one');
    reader.seek(4);
    expect((await reader.line(9)).text).toBe('two');
    reader.seek(0);
    expect((await reader.line(9)).text).toBe('one');
    await reader.close();
  });
});

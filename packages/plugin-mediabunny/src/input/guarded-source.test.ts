import { BufferSource } from 'mediabunny';
import { expect, it } from 'vitest';
import { guardedSource } from './guarded-source.ts';

/** As the library asks. */
function reader(bytes: number): (start: number, end: number) => unknown {
  const source = guardedSource(new BufferSource(new Uint8Array(bytes)), 'song.mkv') as unknown as {
    _read(start: number, end: number): unknown;
  };
  return (start, end) => source._read(start, end);
}

it('gives what is asked for, also again and again', () => {
  const read = reader(64);
  for (let n = 0; n < 30_000; n++) expect(read(8 * (n % 2), 16)).toBeTruthy();
});

it('breaks off where the same bytes are asked for without an end', () => {
  const read = reader(64);
  const ask = () => {
    for (let n = 0; n < 100_000; n++) read(8, 16);
  };
  expect(ask).toThrow(expect.objectContaining({ code: 'SLUICE_CONTAINER_FORMAT' }));
});

it('asks for no piece that would fill the memory', () => {
  expect(() => reader(64)(0, 2 ** 30)).toThrow(/pieces that are too large/);
});

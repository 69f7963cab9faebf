import type { Source } from 'mediabunny';
import { containerError } from '../errors.ts';

/** So much of a container may be asked for in one piece: it would have to be in memory. */
const MOST_BYTES = 64 * 1_024 * 1_024;
/** So often the same bytes may be asked for, one time after the other. */
const MOST_REPEATS = 10_000;

/** What every source of the library has, and its types leave out. */
interface Reading {
  _read(start: number, end: number, ...more: unknown[]): unknown;
}

/**
 * The same source, which breaks off what would not end: in a damaged Matroska file the library (1.61.0) looks for the last eight bytes
 * for ever, without giving the event loop a turn, and of a stream it takes memory for whatever size a head names.
 */
export function guardedSource<S extends Source>(source: S, name: string): S {
  const reading = source as unknown as Reading;
  const read = reading._read.bind(reading);
  let [lastStart, lastEnd, repeats] = [-1, -1, 0];
  reading._read = (start, end, ...more) => {
    repeats = start === lastStart && end === lastEnd ? repeats + 1 : 0;
    [lastStart, lastEnd] = [start, end];
    if (repeats > MOST_REPEATS)
      throw containerError('SLUICE_CONTAINER_FORMAT', `${name} is damaged: nothing follows that could be read`);
    checkPieceSize(end - start, name);
    return read(start, end, ...more);
  };
  return source;
}

/** @throws SluiceError `SLUICE_CONTAINER_FORMAT` */
export function checkPieceSize(bytes: number, name: string): void {
  if (bytes <= MOST_BYTES) return;
  throw containerError('SLUICE_CONTAINER_FORMAT', `${name} has pieces that are too large`, {
    expected: `at most ${MOST_BYTES} bytes`,
    received: bytes,
    fix: 'Write it anew: ffmpeg -i in -c copy out',
  });
}

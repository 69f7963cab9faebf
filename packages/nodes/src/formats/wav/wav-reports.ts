import { SluiceError } from '@sluice/core';
import type { WavSizes } from './wav-sizes.ts';

/** What is told of a WAV file or stream that plays all the same. */
export function missingAudio(announced: number | undefined, missing: number): SluiceError {
  return new SluiceError('SLUICE_WAV_TRUNCATED', 'the audio ends before its size says so', {
    expected: `${announced ?? 'whole samples'} bytes of audio`,
    received: `${missing} bytes less`,
  });
}

export function emptyWav(): SluiceError {
  return new SluiceError('SLUICE_WAV_EMPTY', 'the WAV file holds no sound', {
    fix: 'Check who wrote it: it was closed before the first sample',
  });
}

export function factError(samples: number, present: number): SluiceError {
  return sizeError('has a fact chunk that counts too little', `about ${present} samples, which are played`, samples);
}

export function twoSizes({ dataBytes, ignoredBytes }: WavSizes): SluiceError[] {
  return ignoredBytes === undefined ? [] : [sizeError('names two sizes', `${dataBytes} bytes`, ignoredBytes)];
}

/** The file has bytes that no chunk holds; they are not played. */
export function leftOut(bytes: number): SluiceError {
  return sizeError('accounts for less than the file has', 'chunks up to the end of the file', `${bytes} bytes more`);
}

/** The file goes on behind its end with what are no chunks; it is played. */
export function shortRiff(bytes: number): SluiceError {
  return sizeError('names an end that is none', 'the end of the file, up to which it is played', `${bytes} bytes less`);
}

function sizeError(what: string, expected: string, received: unknown): SluiceError {
  return new SluiceError('SLUICE_WAV_SIZE', `the header ${what}`, {
    expected,
    received,
    fix: 'Write the file again, or mend its sizes with another tool: sox --ignore-length broken.wav whole.wav',
  });
}

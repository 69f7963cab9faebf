import { SluiceError } from '@sluice/core';

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
  return new SluiceError('SLUICE_WAV_SIZE', 'the fact chunk counts less samples than there are', {
    expected: `about ${present} samples, all of which are played`,
    received: samples,
  });
}

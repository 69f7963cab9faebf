import type { AudioFrame, Flow } from '@sluice/core';
import { resample, toWavFile } from '@sluice/nodes';

/** What was written. */
export type Recording = ReturnType<typeof toWavFile>['finished'];

/** Writes what is heard into a WAV file of 16 kHz mono; the file is whole when the graph has ended. */
export function record(hears: Flow<AudioFrame>, file: string): Recording {
  const wav = toWavFile(file);
  hears.pipe(resample({ sampleRate: 16_000 })).to(wav);
  return wav.finished;
}

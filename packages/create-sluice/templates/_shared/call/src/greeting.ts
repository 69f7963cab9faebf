import type { AudioFrame, Source } from '@sluice/core';
import { fromFrames, fromWavFile, toFrames } from '@sluice/nodes';
import type { Entered } from './enter-room.ts';

/** A WAV file of 16 kHz mono that begins when somebody else is in the room. */
export function greeting({ company }: Pick<Entered, 'company'>, file: string): Source<AudioFrame> {
  async function* frames() {
    if (!(await company)) return;
    const wav = toFrames<AudioFrame>();
    fromWavFile(file).subscribe(wav);
    yield* wav;
  }
  return fromFrames(frames(), { format: { kind: 'audio', sampleRate: 16_000, channels: 1 } });
}

import { fromWavFile, toFrames } from '@sluice/nodes';

/** Both channels of a WAV file. */
export async function readStereo(path: string) {
  const frames = toFrames();
  fromWavFile(path).subscribe(frames);
  const parts: Int16Array[] = [];
  let sampleRate = 16_000;
  for await (const frame of frames) {
    parts.push(frame.samples);
    sampleRate = frame.sampleRate;
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0) / 2;
  const [left, right] = [new Int16Array(length), new Int16Array(length)];
  let at = 0;
  for (const part of parts)
    for (let i = 0; i < part.length; i += 2) {
      left[at] = part[i]!;
      right[at++] = part[i + 1]!;
    }
  return { left, right, sampleRate };
}

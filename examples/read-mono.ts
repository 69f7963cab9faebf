import { fromWavFile, remix, resample, toFrames } from '@sluice/nodes';

/** A WAV file, or its first `end` seconds, as one channel at a rate. */
export async function readMono(path: string, sampleRate: number, end?: number): Promise<Int16Array> {
  const frames = toFrames({ limit: 2_000_000 });
  fromWavFile(path, { end })
    .pipe(resample({ sampleRate }), remix({ channels: 1 }))
    .subscribe(frames);
  return concat((await frames.finished).map((frame) => frame.samples));
}

export function concat(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

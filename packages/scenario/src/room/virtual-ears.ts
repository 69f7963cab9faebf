import { AudioFrame, type Gap, micros, pushSource, type Source, samplesToMicros } from '@sluice/core';

/** Gets a block each 10 ms; undefined while there is nobody to hear. */
export type EarListener = (block: Int16Array | undefined) => void;

/** A source of what somebody hears, in frames of 10 or 20 ms; absence is told as a gap, as `fromCall` does. */
export function earSource(
  name: string,
  sampleRate: number,
  blocks: number,
  listen: (listener: EarListener, ended: () => void) => () => void,
): Source<AudioFrame> {
  const format = { kind: 'audio', sampleRate, channels: 1 } as const;
  return pushSource<AudioFrame>({ name, live: true, format }, (destination) => {
    const length = (blocks * sampleRate) / 100;
    let position = 0;
    let filled = 0;
    let missing = 0;
    let samples = new Int16Array(length);
    const take = (block: Int16Array | undefined) => {
      if (block === undefined && filled === 0) {
        position += sampleRate / 100;
        missing += sampleRate / 100;
        return;
      }
      if (block !== undefined) samples.set(block, filled);
      filled += sampleRate / 100;
      if (filled < length) return;
      const timestamp = samplesToMicros(position, sampleRate);
      const gap = gapOf(position === missing ? 0 : missing, sampleRate);
      const frame = new AudioFrame({ samples, sampleRate, channels: 1, timestamp, gap });
      position += length;
      filled = 0;
      missing = 0;
      samples = new Int16Array(length);
      destination.next(frame);
    };
    return listen(take, () => destination.complete());
  });
}

function gapOf(samples: number, sampleRate: number): Gap | undefined {
  if (samples === 0) return undefined;
  return { duration: micros(Math.round((samples * 1_000_000) / sampleRate)), reason: 'disconnected' };
}

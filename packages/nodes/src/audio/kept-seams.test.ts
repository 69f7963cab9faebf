import { AudioFrame, micros } from '@sluice/core';
import { measureTone } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { SwitchCore } from '../flow/switch-core.ts';
import { FormatKeeper } from './format-keeper.ts';
import { MixerCore } from './mix/mixer-core.ts';

const kept = { sampleRate: 16_000, channels: 1 } as const;
/** What comes, 200 ms each: the kept format too. */
const formats = [
  [48_000, 2],
  [16_000, 1],
  [8_000, 1],
  [44_100, 2],
] as const;

/** A tone of 440 Hz in frames of 20 ms whose format changes three times. */
function frames(): AudioFrame[] {
  return formats.flatMap(([sampleRate, channels], part) =>
    Array.from({ length: 10 }, (_, index) => {
      const ms = part * 200 + index * 20;
      const samples = Int16Array.from({ length: (sampleRate / 50) * channels }, (_, at) =>
        Math.round(16_000 * Math.cos(2 * Math.PI * 440 * (ms / 1_000 + Math.floor(at / channels) / sampleRate))),
      );
      return new AudioFrame({ samples, sampleRate, channels, timestamp: micros(ms * 1_000) });
    }),
  );
}

/** One sound from the first sample to the last, each of them once. */
function expectWhole(pieces: readonly Int16Array[]): void {
  const samples = Int16Array.from(pieces.flatMap((piece) => [...piece]));
  expect(samples).toHaveLength(12_800);
  expect(measureTone(samples.subarray(160, -160), 16_000, 440).snr).toBeGreaterThan(60);
}

describe('what keeps a format carries sound over a change of what comes', () => {
  it('in files and pipes', () => {
    const keeper = new FormatKeeper(kept);
    const pieces: Int16Array[] = [];
    for (const frame of frames()) pieces.push(keeper.meet(frame), keeper.convert(frame.samples));
    expectWhole([...pieces, keeper.flush()]);
  });

  it('in a switch', () => {
    const pieces: Int16Array[] = [];
    const core = new SwitchCore({ crossFadeMs: 0, format: kept }, (frame) => pieces.push(frame.samples));
    core.add('one');
    core.select('one');
    for (const frame of frames()) core.push('one', frame);
    core.end('one');
    expectWhole(pieces);
  });

  it('in a mixer', () => {
    const mixer = new MixerCore({ ...kept, timing: 'inputs' });
    const input = mixer.add('one', { capacityMs: 60_000 });
    mixer.seal();
    for (const frame of frames()) input.push(frame);
    input.end();
    const pieces: Int16Array[] = [];
    while (pieces.length < 40) pieces.push(mixer.render()!.samples);
    expectWhole(pieces);
  });
});

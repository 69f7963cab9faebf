import { Writable } from 'node:stream';
import { AudioFrame, graph, micros } from '@sluice/core';
import { from, type OperatorFunction } from 'rxjs';
import { expect, it } from 'vitest';
import { delay } from '../src/audio/delay.ts';
import { fade } from '../src/audio/fade.ts';
import { gain } from '../src/audio/gain.ts';
import { mix } from '../src/audio/mix/mix.ts';
import { rechunk } from '../src/audio/rechunk.ts';
import { remix } from '../src/audio/remix.ts';
import { resample } from '../src/audio/resample.ts';
import { trimSilence } from '../src/audio/trim-silence.ts';
import { pace } from '../src/flow/pace.ts';
import { toFrames } from '../src/sinks/to-frames.ts';
import { toPcm } from '../src/sinks/to-pcm.ts';
import { fromFrames } from '../src/sources/from-frames.ts';
import { fromPcm } from '../src/sources/from-pcm.ts';

/** 20 ms of 2.1 or, without a mask, of 3.0. */
const frame = (index: number, channelMask: number | undefined, values = [1_000, 2_000, 8_000]) => {
  const samples = Int16Array.from({ length: 480 }, (_, i) => values[i % 3]!);
  return new AudioFrame({ samples, sampleRate: 8_000, channels: 3, channelMask, timestamp: micros(index * 20_000) });
};
const frames = (...masks: (number | undefined)[]) => masks.map((mask, index) => frame(index, mask));

async function through(list: AudioFrame[], operator: OperatorFunction<AudioFrame, AudioFrame>) {
  const sink = toFrames<AudioFrame>();
  from(list).pipe(operator).subscribe(sink);
  return sink.finished;
}

it.each<[string, () => OperatorFunction<AudioFrame, AudioFrame>]>([
  ['delay', () => delay({ ms: 10 })],
  ['fade', () => fade({ inMs: 5, outMs: 5 })],
  ['gain', () => gain({ db: -6 })],
  ['pace', () => pace({ cushionMs: 1_000 })],
  ['rechunk', () => rechunk({ ms: 15 })],
  ['resample', () => resample({ sampleRate: 16_000 })],
  ['trimSilence', () => trimSilence()],
])('%s keeps the speakers, also where they change', async (_, make) => {
  const seen = await through(frames(0xb, 0xb, undefined, undefined, 0xb), make());
  const masks = seen.map(({ channelMask }) => channelMask);
  expect(masks.filter((mask, i) => i === 0 || mask !== masks[i - 1])).toEqual([0xb, undefined, 0xb]);
  const lengths = (mask: number | undefined) =>
    seen.reduce((sum, { channelMask, duration }) => sum + (channelMask === mask ? duration : 0), 0);
  expect(lengths(undefined)).toBe(40_000);
});

it('a mixer mixes by the speakers', async () => {
  const sink = toFrames<AudioFrame>();
  const format = { sampleRate: 8_000, channels: 3, timing: 'inputs', limiter: false } as const;
  mix({ inputs: { a: from(frames(0xb, 0xb)), b: from(frames(undefined, undefined)) }, ...format }).subscribe(sink);
  // The LFE of the first is not for the centre of the mix. At both ends it is faded.
  expect([...(await sink.finished)[1]!.samples.slice(0, 3)]).toEqual([2_000, 4_000, 8_000]);
});

it('a link of a graph converts by the speakers, and again when they change', async () => {
  const flow = graph('speakers');
  const bytes: Buffer[] = [];
  const writable = new Writable({ write: (chunk, _, done) => done(void bytes.push(Buffer.from(chunk))) });
  const sink = toPcm(writable, { sampleRate: 8_000, channels: 1 });
  flow.from(fromFrames(frames(0xb, undefined))).to(sink);
  await flow.run();
  const all = Buffer.concat(bytes);
  expect([all.length, all.readInt16LE(0), all.readInt16LE(638)]).toEqual([640, 1_500, 4_192]);
});

it('raw samples can be told their speakers', async () => {
  const sink = toFrames<AudioFrame>();
  const bytes = Buffer.from(frame(0, undefined).samples.buffer);
  fromPcm(bytes, { sampleRate: 8_000, channels: 3, channelMask: 0xb })
    .pipe(remix({ channels: 1 }))
    .subscribe(sink);
  expect((await sink.finished)[0]!.samples[0]).toBe(1_500);
  expect(() => fromPcm(bytes, { sampleRate: 8_000, channels: 3, channelMask: 0x3 })).toThrow(/^channelMask /);
});

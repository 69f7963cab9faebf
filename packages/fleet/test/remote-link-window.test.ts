import { AudioFrame, type Clock, type Micros, pushSource, type Source } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { expect, it } from 'vitest';
import { receiveOver } from '../src/links/from-subject.ts';
import { sendOver } from '../src/links/to-subject.ts';
import { MemoryNetwork } from './memory-wire.ts';
import { Ears, joined, numbered, numbers } from './numbered-sound.ts';

/** 2.5 ms a frame, in the time of a source that cannot wait. */
function short(clock: Clock): Source<AudioFrame> {
  return pushSource<AudioFrame>({ name: 'short' }, (destination) => {
    let next = 0;
    const begun = clock.now();
    let cancel = () => {};
    const tick = () => {
      cancel = clock.at(begun + (next + 1) * 2.5, tick);
      const samples = new Int16Array(40);
      destination.next(
        new AudioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp: (next++ * 2_500) as Micros }),
      );
    };
    tick();
    return () => cancel();
  });
}

it.each([
  ['a file: the whole window', () => numbers(), {}, 256],
  ['a live source: 64 frames', (clock: Clock) => numbered(2_000, clock), {}, 64],
  ['a live source of short frames: what lasts 1.28 s', short, { windowFrames: 1_000 }, 512],
  ['a live source, of a smaller window', (clock: Clock) => numbered(2_000, clock), { windowFrames: 20 }, 20],
] as const)('so much of %s is on its way to a receiver that stands still', async (_, source, options, most) => {
  const clock = new VirtualClock();
  const { wire } = new MemoryNetwork();
  const ears = new Ears(false);
  const taken = receiveOver<AudioFrame>(wire, 'x', options);
  const sink = sendOver<AudioFrame>(wire, 'x');
  const receiver = joined('near', taken, ears.sink, { clock });
  const sender = joined('far', source(clock), sink, { clock });
  const runs = Promise.allSettled([receiver.run(), sender.run()]);
  await clock.advance(10_000);
  expect(sink.figures.frames - receiver.inspect().nodes[0]!.framesOut).toBe(most);
  await Promise.all([receiver.abort(), sender.abort()]);
  await runs;
});

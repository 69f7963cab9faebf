import { audioFrame, audioPort, defineNode, samplesToMicros } from '@sluice/core';
import { z } from 'zod';

const sampleRate = 16_000;
/** Samples of a frame: 20 ms. */
const length = sampleRate / 50;

/**
 * A hum, as a badly shielded cable gives it: a source, with one output `out` of 16 kHz mono.
 *
 * It emits 20 ms every 20 ms of the graph's clock, as a microphone does, and ends after `seconds` or when the graph is
 * stopped. Each sample follows from its index, so that frames join without a click.
 *
 * @param options.hz The pitch in Hz, above 0 and up to 8,000. Default 50.
 * @param options.seconds How long it hums. Default 10.
 * @throws SluiceError SLUICE_NODE_OPTIONS for a value out of range; TypeError for an unknown option
 */
export const fromHum = defineNode({
  name: 'from-hum',
  package: '__NAME__',
  options: z.strictObject({
    hz: z.number().positive().max(8_000).default(50).describe('The pitch in Hz.'),
    seconds: z.number().positive().default(10).describe('How long it hums.'),
  }),
  inputs: {},
  outputs: { out: audioPort({ sampleRate, channels: 1 }) },
  produces: () => ({ out: { kind: 'audio', sampleRate, channels: 1 } }),
  live: () => true,
  create({ hz, seconds }, context) {
    const { clock } = context;
    const start = clock.now();
    const frames = Math.ceil(seconds * 50);
    let index = 0;
    let cancel = () => {};

    const next = () => {
      if (index === frames) {
        context.end();
        return;
      }
      const first = index++ * length;
      const samples = Int16Array.from(
        { length },
        (_, at) => 8_000 * Math.sin((2 * Math.PI * hz * (first + at)) / sampleRate),
      );
      // Due by the number of frames: a timer that is late once does not make all others late.
      cancel = clock.at(start + index * 20, next);
      context.emit(
        'out',
        audioFrame({ samples, sampleRate, channels: 1, timestamp: samplesToMicros(first, sampleRate) }),
      );
    };
    cancel = clock.at(start, next);

    return {
      onStop: () => context.end(),
      close: () => cancel(),
    };
  },
});

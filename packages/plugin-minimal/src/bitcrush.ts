import { audioPort, defineNode } from '@sluice/core';
import { z } from 'zod';

/**
 * Keeps the upper bits of each sample and clears the others, as an old sampler does: the fewer, the rougher.
 *
 * One input `in`, one output `out`, of any rate and channels. What enters leaves at once with its time, epoch, gap and
 * utterance; the node keeps nothing and adds no latency.
 *
 * @param options.bits How many of the 16 bits are kept, 1 to 16. Default 8.
 * @throws SluiceError SLUICE_NODE_OPTIONS for `bits` out of range; TypeError for an unknown option
 * @example
 * const crush = bot.add(bitcrush({ bits: 4 }));
 * voice.to(crush.in.in);
 * crush.out.out.to(speaks);
 */
export const bitcrush = defineNode({
  name: 'bitcrush',
  package: '@sluice/plugin-minimal',
  options: z.strictObject({
    bits: z.int().min(1).max(16).default(8).describe('How many of the 16 bits of a sample are kept.'),
  }),
  inputs: { in: audioPort() },
  outputs: { out: audioPort() },
  produces: ({ in: format }) => (format === undefined ? {} : { out: format }),
  create: ({ bits }, context) => {
    const mask = -1 << (16 - bits);
    return {
      onFrame(_port, frame) {
        const crushed = frame.derive({ samples: frame.samples.map((sample) => sample & mask) });
        frame.close();
        context.emit('out', crushed);
      },
    };
  },
});

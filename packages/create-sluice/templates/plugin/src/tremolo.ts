import { audioPort, defineNode } from '@sluice/core';
import { z } from 'zod';

/**
 * Makes sound swell and fade, as the amplifier of an electric guitar does: an operator, with one input `in` and one
 * output `out`, of any rate and channels.
 *
 * The level follows from a sample's time alone. So it keeps nothing between two frames: an interruption, a gap and a
 * change of format need no code. Adds no latency.
 *
 * @param options.hz How often a second it swells, 0.1 to 20. Default 5.
 * @param options.depth How far it fades: 0 not at all, 1 to silence. Default 0.8.
 * @throws SluiceError SLUICE_NODE_OPTIONS for a value out of range; TypeError for an unknown option
 */
export const tremolo = defineNode({
  name: 'tremolo',
  package: '__NAME__',
  options: z.strictObject({
    hz: z.number().min(0.1).max(20).default(5).describe('How often a second it swells.'),
    depth: z.number().min(0).max(1).default(0.8).describe('How far it fades: 0 not at all, 1 to silence.'),
  }),
  inputs: { in: audioPort() },
  outputs: { out: audioPort() },
  produces: ({ in: format }) => (format === undefined ? {} : { out: format }),
  create: ({ hz, depth }, context) => ({
    onFrame(_port, frame) {
      const { sampleRate, channels, timestamp } = frame;
      const samples = frame.samples.map((sample, at) => {
        const seconds = timestamp / 1_000_000 + Math.floor(at / channels) / sampleRate;
        return sample * (1 - (depth * (1 - Math.cos(2 * Math.PI * hz * seconds))) / 2);
      });
      // Time, epoch, gap and utterance stay. Other branches may see the samples that came in: they stay as they are.
      const swelling = frame.derive({ samples });
      frame.close();
      context.emit('out', swelling);
    },
  }),
});

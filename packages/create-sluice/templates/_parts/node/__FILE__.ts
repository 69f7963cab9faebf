import { audioPort, defineNode } from '@sluice/core';

/**
 * Turns sound upside down: each sample gets the other sign. Put what yours does in its place; `sluice docs writing-nodes` says how
 * to take options, hold frames back and keep time. Adds no latency.
 */
export const __EXPORT__ = defineNode({
  name: '__FILE__',
  package: '__NAME__',
  inputs: { in: audioPort() },
  outputs: { out: audioPort() },
  produces: ({ in: format }) => (format === undefined ? {} : { out: format }),
  create(_options, context) {
    return {
      onFrame(_port, frame) {
        // The lowest sample has no counterpart.
        const samples = frame.samples.map((sample) => Math.min(32_767, -sample));
        const turned = frame.derive({ samples });
        frame.close();
        context.emit('out', turned);
      },
    };
  },
});

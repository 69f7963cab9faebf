import type { NodeBlueprint } from '@sluice/core';
import type { ConformOptions } from '@sluice/core/testing';
import { fromHum } from './from-hum.ts';
import { toLevels } from './to-levels.ts';
import { tremolo } from './tremolo.ts';

interface Conforming {
  readonly make: () => NodeBlueprint;
  readonly options: ConformOptions<'node'>;
}

/** Each node by its name, with what it is tried by: here by `npm test`, elsewhere by `sluice conform`. */
export const conformance: Readonly<Record<string, Conforming>> = {
  'from-hum': {
    make: () => fromHum({ hz: 100 }),
    options: { kind: 'node', profile: { isSource: true } },
  },
  tremolo: {
    make: () => tremolo({ hz: 4 }),
    options: { kind: 'node' },
  },
  'to-levels': {
    make: () => toLevels({ onLevel: () => {} }),
    options: {
      kind: 'node',
      profile: {
        throwing: (error) =>
          toLevels({
            onLevel: () => {
              throw error;
            },
          }),
      },
    },
  },
};

import type { AudioFrame } from '@sluice/core';
import type { ConformOptions } from '@sluice/core/testing';
import type { OperatorFunction } from 'rxjs';
import { sampleRate } from './refuse-sound.ts';
import { rnnoise } from './rnnoise.ts';

/** What `conform` of `@sluice/core/testing` needs to check the operator, by its name. */
export const conformance: Readonly<
  Record<
    'rnnoise',
    { readonly make: () => OperatorFunction<AudioFrame, AudioFrame>; readonly options: ConformOptions<'audio'> }
  >
> = {
  rnnoise: {
    make: rnnoise,
    options: {
      kind: 'audio',
      formats: [
        { sampleRate, channels: 1 },
        { sampleRate, channels: 2 },
      ],
    },
  },
};

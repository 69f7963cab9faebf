import type { AudioFrame } from '@sluice/core';
import type { ConformOptions } from '@sluice/core/testing';
import type { OperatorFunction } from 'rxjs';
import { loudness } from './audio/loudness.ts';

/** An operator with what `checklist` and `sluice conform` try it by. */
interface Tried {
  readonly make: () => OperatorFunction<AudioFrame, AudioFrame>;
  readonly options: ConformOptions<'audio'>;
}

/** What `conform` of `@sluice/core/testing` needs to check each operator, by its name. */
export const conformance: Readonly<Record<'loudness', Tried>> = {
  loudness: {
    make: () => loudness(),
    options: {
      kind: 'audio',
      profile: {
        interruptible: false,
        throwing: (error) =>
          loudness({
            onLoudness: () => {
              throw error;
            },
          }),
      },
    },
  },
};

import type { AudioFrame } from '@sluice/core';
import type { ConformOptions } from '@sluice/core/testing';
import type { OperatorFunction } from 'rxjs';
import { agc } from './audio/agc.ts';
import { compressor } from './audio/compressor.ts';
import { equalizer } from './audio/equalizer.ts';
import { loudness } from './audio/loudness.ts';
import { timeStretch } from './audio/time-stretch.ts';

/** An operator with what `checklist` and `sluice conform` try it by. */
interface Tried {
  readonly make: () => OperatorFunction<AudioFrame, AudioFrame>;
  readonly options: ConformOptions<'audio'>;
}

/** What `conform` of `@sluice/core/testing` needs to check each operator, by its name. */
export const conformance: Readonly<
  Record<'agc' | 'compressor' | 'equalizer' | 'loudness' | 'timeStretch' | 'timeStretchAtHalf', Tried>
> = {
  agc: { make: () => agc(), options: { kind: 'audio', profile: { interruptible: false } } },
  compressor: {
    make: () => compressor({ thresholdDb: -40, lookaheadMs: 5 }),
    options: { kind: 'audio' },
  },
  equalizer: {
    make: () => equalizer({ bands: [{ type: 'peaking', frequency: 1_000, db: 6 }] }),
    options: { kind: 'audio', profile: { interruptible: false } },
  },
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
  timeStretch: { make: () => timeStretch(), options: { kind: 'audio' } },
  timeStretchAtHalf: {
    make: () => timeStretch({ rate: 0.5 }),
    options: { kind: 'audio', profile: { outputLength: (input) => 2 * input, keepsGaps: false } },
  },
};

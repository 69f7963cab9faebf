import type { AudioFormat, AudioFrame } from '@sluice/core';
import { type AudioProfile, checklist } from '@sluice/core/testing';
import type { OperatorFunction } from 'rxjs';
import { describe } from 'vitest';
import { applicable } from './applicable.ts';

/** What the checklist must know of an operator. */
export interface OperatorChecklist extends AudioProfile {
  /** Makes the operator anew for each case. */
  readonly make: () => OperatorFunction<AudioFrame, AudioFrame>;
  /** The format the operator is fed with first. Default mono 16 kHz. */
  readonly format?: AudioFormat;
  /** The format after the change. Default stereo 48 kHz. */
  readonly otherFormat?: AudioFormat;
  /** Checks that it does not pass, each with the reason. */
  readonly except?: Readonly<Record<string, string>>;
}

/** Runs the cases that every operator over audio frames has to pass. */
export function operatorChecklist(
  name: string,
  { make, format, otherFormat, except = {}, ...profile }: OperatorChecklist,
): void {
  const formats = [
    format ?? { sampleRate: 16_000, channels: 1 },
    otherFormat ?? { sampleRate: 48_000, channels: 2 },
  ] as const;
  describe(`${name}: the operator checklist`, () =>
    checklist(applicable, make, { kind: 'audio', profile, formats, except }));
}

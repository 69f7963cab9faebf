import type { VideoFormat, VideoFrame } from '@sluice/core';
import { checklist, type VideoProfile } from '@sluice/core/testing';
import type { OperatorFunction } from 'rxjs';
import { describe } from 'vitest';
import { applicable } from './applicable.ts';

/** What the checklist must know of an operator over pictures. */
export interface VideoOperatorChecklist extends VideoProfile {
  /** Makes the operator anew for each case. */
  readonly make: () => OperatorFunction<VideoFrame, VideoFrame>;
  /** What the operator is fed with first, 25 frames a second. Default 48x32 I420. */
  readonly format?: VideoFormat;
  /** After the change in mid-stream. Default 62x46 BGRA. */
  readonly otherFormat?: VideoFormat;
}

/** Runs the cases that every operator over video frames has to pass. */
export function videoOperatorChecklist(
  name: string,
  { make, format, otherFormat, ...profile }: VideoOperatorChecklist,
): void {
  const formats = [
    format ?? { width: 48, height: 32, format: 'I420' },
    otherFormat ?? { width: 62, height: 46, format: 'BGRA' },
  ] as const;
  describe(`${name}: the checklist for video operators`, () =>
    checklist(applicable, make, { kind: 'video', profile, formats }));
}

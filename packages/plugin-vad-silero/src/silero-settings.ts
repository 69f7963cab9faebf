import { invalidArgument, outOfRange } from '@sluice/core';

/** All may change while it runs, with `session.update`; they hold for what is written from then on. */
export interface SileroSettings {
  /** How sure it must be that there is speech: 0.2 to 0.95; to go on, 0.15 less. Another one begins anew. Default 0.5. */
  readonly threshold: number;
  /** Voiced without a break before speech is told: 64 (two windows) to 2,000 ms. Default 64. */
  readonly minSpeechMs: number;
  /** Unvoiced without a break before silence is told: 64 (two windows) to 10,000 ms. Default 96. */
  readonly minSilenceMs: number;
}

export const defaultSettings: SileroSettings = { threshold: 0.5, minSpeechMs: 64, minSilenceMs: 96 };

export function checkSettings({ threshold, minSpeechMs, minSilenceMs }: SileroSettings): void {
  check('silero.threshold', threshold, 0.2, 0.95, '');
  check('silero.minSpeechMs', minSpeechMs, 64, 2_000, ' ms');
  check('silero.minSilenceMs', minSilenceMs, 64, 10_000, ' ms');
}

function check(name: string, value: unknown, least: number, most: number, unit: string): void {
  if (typeof value !== 'number' || Number.isNaN(value))
    throw invalidArgument(name, `a number${unit && ' of ms'}`, value);
  if (value < least || value > most) throw outOfRange(name, `${least} to ${most}${unit}`, value);
}

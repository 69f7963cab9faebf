import { invalidArgument, outOfRange } from '@sluice/core';

/**
 * The voices of flite that speak any English text at 16 kHz: `slt` (a woman) is the one that recognisers understand best;
 * `rms`, `awb` and `kal16` are men, the last the oldest and the quickest.
 */
export const fliteVoices = ['slt', 'rms', 'awb', 'kal16'] as const;
/** Voices of Flite. */
export type FliteVoice = (typeof fliteVoices)[number];

/** What may change while it runs. */
export interface FliteSettings {
  /** Who speaks, from the next sentence on. */
  readonly voice: FliteVoice;
  /** How fast it speaks, from 0.5 to 2; 1 is the voice's own. */
  readonly speed: number;
}

/** @throws TypeError or RangeError that names the setting */
export function checkSettings({ voice, speed }: FliteSettings): void {
  if (!fliteVoices.includes(voice)) throw invalidArgument('flite.voice', `one of ${fliteVoices.join(', ')}`, voice);
  if (!(speed >= 0.5 && speed <= 2)) throw outOfRange('flite.speed', '0.5 to 2', speed);
}

import { checkKeys, invalidArgument, outOfRange } from '@sluice/core';

/** All may change while it runs, with `session.update`; they hold for the next 10 ms. */
export interface FvadSettings {
  /** How strict it is: 0 misses least, 3 takes least else for voice. Default 3. */
  readonly mode: 0 | 1 | 2 | 3;
  /** Voiced without a break before speech is told: 10 to 1,000 ms. Default 30. */
  readonly minSpeechMs: number;
  /** Unvoiced without a break before silence is told, in place of libfvad's own while: 10 to 10,000 ms. Default 100. */
  readonly minSilenceMs: number;
  /**
   * Whether sound that stands still (hum, tones, white noise) is no voice. libfvad takes it for voice. A voice that is no
   * louder than such noise is told less often with it (`npm run bench -- detectors`). Default `gate`.
   */
  readonly hum: 'gate' | 'pass';
}

const defaultSettings: FvadSettings = { mode: 3, minSpeechMs: 30, minSilenceMs: 100, hum: 'gate' };

/** The settings with their defaults. Throws for what is none of them. */
export function settle(given: Partial<FvadSettings>): FvadSettings {
  checkKeys<FvadSettings>('fvad', given, { mode: true, minSpeechMs: true, minSilenceMs: true, hum: true });
  const settings = { ...defaultSettings, ...given };
  checkSettings(settings);
  return settings;
}

export function checkSettings({ mode, minSpeechMs, minSilenceMs, hum }: FvadSettings): void {
  if (![0, 1, 2, 3].includes(mode)) throw invalidArgument('fvad.mode', '0, 1, 2 or 3', mode);
  checkMs('fvad.minSpeechMs', minSpeechMs, 1_000);
  checkMs('fvad.minSilenceMs', minSilenceMs, 10_000);
  if (hum !== 'gate' && hum !== 'pass') throw invalidArgument('fvad.hum', "'gate' or 'pass'", hum);
}

function checkMs(name: string, value: unknown, most: number): void {
  if (typeof value !== 'number' || Number.isNaN(value)) throw invalidArgument(name, 'a number of ms', value);
  if (value < 10 || value > most) throw outOfRange(name, `10 to ${most} ms`, value);
}

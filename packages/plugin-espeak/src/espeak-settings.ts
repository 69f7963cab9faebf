import { invalidArgument, outOfRange } from '@sluice/core';

/** What may change while it runs. */
export interface EspeakSettings {
  /** A voice of espeak's, with a variant if wanted: `en-us`, `en-us+f2`, `de`, `fr`. One that it has not fails its request. */
  readonly voice: string;
  /** How fast it speaks, from 0.5 to 2.5; 1 is 175 words a minute. */
  readonly speed: number;
}

/** @throws TypeError or RangeError that names the setting */
export function checkSettings({ voice, speed }: EspeakSettings): void {
  if (typeof voice !== 'string' || !/^[a-z]{2,4}[\w-]*(?:\+[\w-]+)?$/i.test(voice))
    throw invalidArgument('espeak.voice', 'a language, and a variant after a plus if wanted: en-us+f2', voice);
  if (!(speed >= 0.5 && speed <= 2.5)) throw outOfRange('espeak.speed', '0.5 to 2.5', speed);
}

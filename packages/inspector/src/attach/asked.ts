import { invalidArgument } from '@sluice/core';

/** What `SLUICE_INSPECT` asks for. */
export interface AskedWords {
  /** Not before SIGUSR2 comes. */
  readonly signal: boolean;
  readonly media: boolean;
  readonly control: boolean;
}

const words = ['1', 'true', 'signal', 'media', 'control'];

/** Reads the value: `1`, or words with commas between them. @throws TypeError for another word */
export function readAsked(value: string): AskedWords {
  const asked = value.split(',').map((word) => word.trim());
  const odd = asked.find((word) => !words.includes(word));
  if (odd !== undefined)
    throw invalidArgument('process.env.SLUICE_INSPECT', `1, or any of signal, media, control with commas`, value);
  return { signal: asked.includes('signal'), media: asked.includes('media'), control: asked.includes('control') };
}

import { invalidArgument } from '@sluice/core';

/** What `SLUICE_INSPECT` asks for. */
export interface AskedWords {
  /** Not before SIGUSR2 comes. */
  readonly signal: boolean;
  readonly media: boolean;
  readonly control: boolean;
  /** Where a file is left at each signal; `true` for the working directory. */
  readonly snapshot: boolean | string;
}

const words = ['1', 'true', 'signal', 'media', 'control', 'snapshot'];
const PATH = 'snapshot=';

/** Reads the value: `1`, or words with commas between them. @throws TypeError for another word */
export function readAsked(value: string): AskedWords {
  const asked = value.split(',').map((word) => word.trim());
  const path = asked.find((word) => word.startsWith(PATH))?.slice(PATH.length);
  const odd = asked.find((word) => !words.includes(word) && (path === '' || word !== `${PATH}${path}`));
  if (odd !== undefined)
    throw invalidArgument(
      'process.env.SLUICE_INSPECT',
      '1, or any of signal, media, control, snapshot, snapshot=<path> with commas',
      value,
    );
  const snapshot = path ?? asked.includes('snapshot');
  return {
    signal: asked.includes('signal') || snapshot !== false,
    media: asked.includes('media'),
    control: asked.includes('control'),
    snapshot,
  };
}

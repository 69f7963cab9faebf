/** What may be wrong with an image that is shown all the same. */
export const imageTolerances = ['none', 'flaws', 'damage'] as const;
/**
 * Which faults of an encoded image are reported (`SLUICE_IMAGE_FLAWED`) instead of refused. `none`: whatever the decoder
 * complains of is an error; `flaws`: what has all its pixels is shown, though its structure is not as it should be, as
 * viewers do (a JPEG without its end marker, stray bytes before a marker); `damage`: whatever can be decoded is shown,
 * also of a file that is cut short: the rest is grey or black.
 */
export type ImageTolerance = (typeof imageTolerances)[number];

/** What the decoder is to fail on, as sharp names it. */
export type FailOn = 'none' | 'error' | 'warning';

/** One way to decode an image: strict first. */
export interface DecodingAttempt {
  readonly failOn: FailOn;
  /** Asked for when the attempt is made. */
  readonly bytes: () => Uint8Array;
}

const endOfImage = [0xff, 0xd9];

/** The ways to decode an image that are tried one after the other. */
export function decodingAttempts(bytes: Uint8Array, tolerance: ImageTolerance, jpeg: boolean): DecodingAttempt[] {
  const asItIs = () => bytes;
  const attempts: DecodingAttempt[] = [{ bytes: asItIs, failOn: 'warning' }];
  if (tolerance === 'none') return attempts;
  // A cut scan with an end marker is still complained of, a whole one is not: that tells them apart.
  if (jpeg) attempts.push({ bytes: () => withEnd(bytes), failOn: 'warning' });
  attempts.push({ bytes: asItIs, failOn: 'error' });
  if (tolerance === 'damage') attempts.push({ bytes: asItIs, failOn: 'none' });
  return attempts;
}

function withEnd(jpeg: Uint8Array): Uint8Array {
  const ended = new Uint8Array(jpeg.length + endOfImage.length);
  ended.set(jpeg);
  ended.set(endOfImage, jpeg.length);
  return ended;
}

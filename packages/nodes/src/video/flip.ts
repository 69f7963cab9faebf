import { checkKeys, type VideoFrame } from '@sluice/core';
import { flipColumns, flipRows, planesOf } from '@sluice/core/kernels';
import type { OperatorFunction } from 'rxjs';
import { checkChoice } from '../options/check-option.ts';
import { redraw } from './picture/redraw.ts';

/** Ways in which a picture may be turned over. */
export const flipDirections = ['horizontal', 'vertical'] as const;
/** Which way a picture is turned over. */
export type FlipDirection = (typeof flipDirections)[number];

/** Which way {@link flip} turns a picture over. */
export interface FlipOptions {
  /** `horizontal`: left and right change places, as in a mirror. `vertical`: top and bottom. Default `horizontal`. */
  readonly direction?: FlipDirection;
}

/**
 * Mirrors pictures, in any format. Nothing is lost; in I420 of an odd size the chroma may be half a sample off. Received
 * frames are closed and new ones leave. About as much as a colour conversion. Times, gaps, epochs and changes of size
 * pass. Adds no latency.
 *
 * @example
 * ```ts
 * fromParticipantVideo(client, id).pipe(flip()).subscribe(toCamera(device));
 * ```
 * @throws TypeError at once for other directions.
 * @see rotate
 */
export function flip(options: FlipOptions = {}): OperatorFunction<VideoFrame, VideoFrame> {
  checkKeys<FlipOptions>('flip', options, { direction: true });
  const { direction = 'horizontal' } = options;
  checkChoice('flip.direction', direction, flipDirections);
  const turn = direction === 'horizontal' ? flipColumns : flipRows;

  return redraw('flip', (format) => {
    const planes = planesOf(format);
    return {
      format,
      draw(picture, mirrored) {
        for (const plane of planes) turn({ data: picture.data, plane }, { data: mirrored.data, plane });
      },
    };
  });
}

// What several operators on pictures need: drawing on a frame, keeping one, geometry, cadence. No operator.

import {
  type ColorSpace,
  createOperator,
  isVideoFormat,
  type MediaFormat,
  sameVideoFormat,
  type VideoFormat,
  type VideoFrame,
  videoFramePool,
} from '@sluice/core';
import type { OperatorFunction } from 'rxjs';

/** How pictures of one format become others. */
export interface Redrawing {
  /** What leaves. */
  readonly format: VideoFormat;
  /** Of what leaves; default that of what entered. */
  readonly colorSpace?: ColorSpace | undefined;
  /** Fills `to`. */
  draw(from: VideoFrame, to: VideoFrame): void;
}

/** What is done with pictures of a format; undefined: they pass as they are. Throws if it cannot be done. */
export type RedrawPlan = (format: VideoFormat, colorSpace: ColorSpace) => Redrawing | undefined;

/**
 * An operator that draws each picture anew. The plan is asked once, and again when the format changes. The received
 * frame is closed, a new one of the pool leaves with its time, gap and epoch.
 */
export function redraw(name: string, plan: RedrawPlan): OperatorFunction<VideoFrame, VideoFrame> {
  const spec = {
    name,
    accepts: { kind: 'video' as const },
    produces: (input: MediaFormat) => (isVideoFormat(input) ? { ...input, ...plan(input, 'bt601')?.format } : input),
  };
  return createOperator<VideoFrame, VideoFrame>(spec, (destination) => {
    let planned: (VideoFormat & { readonly colorSpace: ColorSpace }) | undefined;
    let redrawing: Redrawing | undefined;
    return {
      next(frame) {
        let drawn = frame;
        try {
          if (planned === undefined || !sameVideoFormat(planned, frame) || planned.colorSpace !== frame.colorSpace) {
            const { width, height, format, colorSpace } = frame;
            planned = { width, height, format, colorSpace };
            redrawing = plan(planned, colorSpace);
          }
          if (redrawing !== undefined) drawn = drawnBy(redrawing, frame);
        } catch (error) {
          planned = undefined;
          frame.close();
          throw error;
        }
        destination.next(drawn);
      },
    };
  });
}

/** The frame drawn anew; it is closed, unless drawing throws. */
function drawnBy({ format, colorSpace, draw }: Redrawing, frame: VideoFrame): VideoFrame {
  const { width, height } = format;
  const change = { width, height, format: format.format, colorSpace: colorSpace ?? frame.colorSpace };
  const drawn = videoFramePool.like(frame, change);
  try {
    draw(frame, drawn);
  } catch (error) {
    drawn.close();
    throw error;
  }
  frame.close();
  return drawn;
}

import { type VideoFrame, videoFramePool } from '@sluice/core';

/**
 * A frame with `draw` done to it: this one if nobody else sees its bytes, else a copy. The frame is taken over, and
 * closed if `draw` throws.
 */
export function drawnOn(frame: VideoFrame, draw: (onto: VideoFrame) => void): VideoFrame {
  const drawn = frame.writable(videoFramePool);
  try {
    draw(drawn);
  } catch (error) {
    drawn.close();
    throw error;
  }
  return drawn;
}

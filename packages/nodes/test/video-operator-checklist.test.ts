import { createOperator, type VideoFrame, videoFramePool } from '@sluice/core';
import { videoOperatorChecklist } from './video-operator-checklist.ts';

const invert = () =>
  createOperator<VideoFrame, VideoFrame>({ name: 'invert' }, (destination) => ({
    next: (frame) => {
      const drawn = frame.writable(videoFramePool);
      for (let at = 0; at < drawn.data.length; at++) drawn.data[at] = 255 - drawn.data[at]!;
      destination.next(drawn);
    },
  }));

const forward = () =>
  createOperator<VideoFrame, VideoFrame>({ name: 'forward' }, (destination) => ({
    next: (frame) => destination.next(frame),
  }));

/** Every second frame, transposed. */
const halve = () =>
  createOperator<VideoFrame, VideoFrame>({ name: 'halve' }, (destination) => {
    let index = 0;
    return {
      next: (frame) => {
        if (index++ % 2 === 0)
          destination.next(videoFramePool.like(frame, { width: frame.height, height: frame.width }));
        frame.close();
      },
    };
  });

/** Keeps one frame back. */
const late = () =>
  createOperator<VideoFrame, VideoFrame>({ name: 'late' }, (destination, context) => {
    let kept: VideoFrame | undefined;
    let release: (() => void) | undefined;
    const swap = (next: VideoFrame | undefined) => {
      const [before, done] = [kept, release];
      kept = next;
      release = next === undefined ? undefined : context.hold();
      done?.();
      return before;
    };
    const drop = () => swap(undefined)?.close();
    const stopListening = context.onInterrupt(drop);
    const emit = (frame: VideoFrame | undefined) => frame !== undefined && destination.next(frame);
    return {
      next: (frame) => emit(swap(frame)),
      complete: () => {
        emit(swap(undefined));
        destination.complete();
      },
      teardown: () => {
        stopListening();
        drop();
      },
    };
  });

videoOperatorChecklist('an operator that forwards', { make: forward });
videoOperatorChecklist('an operator that draws', { make: invert });
videoOperatorChecklist('an operator that keeps a frame', { make: late });
videoOperatorChecklist('an operator that changes size and count', {
  make: halve,
  produces: ({ width, height, format }) => ({ width: height, height: width, format }),
  outputCount: (input) => Math.ceil(input / 2),
});

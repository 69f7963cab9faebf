import { createSink, type Sink, type VideoFrame } from '@sluice/core';
import { fromY4mFile, toFrames } from '@sluice/nodes';

/** The pictures of a file, to be closed. */
export async function picturesOf(path: string): Promise<readonly VideoFrame[]> {
  const frames = toFrames<VideoFrame>({ limit: 1_000 });
  fromY4mFile(path).subscribe(frames);
  return frames.finished;
}

/** A disk that is full after ten pictures. */
export function failing(): Sink<VideoFrame, void> {
  let count = 0;
  return createSink<VideoFrame, void>({
    name: 'failing',
    accepts: { kind: 'video', format: 'I420' },
    open: () => ({
      write: (frame) => {
        frame.close();
        if (++count > 10) throw new Error('no space left on device');
      },
      end: () => {},
    }),
  });
}

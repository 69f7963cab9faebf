import { type VideoFrame, videoByteLength } from '@sluice/core';
import { convertColor, type Plane, planesOf } from '@sluice/core/kernels';

/** A picture in RGBA, not wider than `width`: of each block of pixels one, since it is small and has to be cheap. */
export function thumbnail(frame: VideoFrame, width: number): { readonly width: number; readonly data: Uint8Array } {
  const step = Math.max(1, Math.ceil(frame.width / width));
  const { format, colorSpace } = frame;
  const size = { width: Math.ceil(frame.width / step), height: Math.ceil(frame.height / step) };
  const small = { ...size, format, colorSpace, data: new Uint8Array(videoByteLength({ ...size, format })) };
  const from = planesOf(frame);
  for (const [index, plane] of planesOf(small).entries()) pick(frame.data, from[index]!, small.data, plane, step);
  const shown = { ...size, format: 'RGBA', data: new Uint8Array(4 * size.width * size.height) } as const;
  convertColor(small, shown);
  return { width: size.width, data: shown.data };
}

function pick(from: Uint8Array, source: Plane, to: Uint8Array, target: Plane, step: number): void {
  const { bytes } = target;
  let at = target.at;
  for (let y = 0; y < target.height; y++) {
    const row = source.at + Math.min(y * step, source.height - 1) * source.width * bytes;
    for (let x = 0; x < target.width; x++) {
      const element = row + Math.min(x * step, source.width - 1) * bytes;
      for (let byte = 0; byte < bytes; byte++) to[at++] = from[element + byte]!;
    }
  }
}

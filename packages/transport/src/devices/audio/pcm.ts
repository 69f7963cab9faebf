import { invalidArgument, SluiceError } from '@sluice/core';

/** Signed 16-bit little-endian interleaved samples, as bytes or as an `Int16Array`. */
export type PcmInput = Int16Array | Uint8Array | ArrayBuffer;

/** A copy of the caller's samples: whole frames only, any alignment. */
export function copyPcm(frames: PcmInput, channels: number): Int16Array {
  if (!(frames instanceof Int16Array || frames instanceof Uint8Array || frames instanceof ArrayBuffer))
    throw invalidArgument('frames', 'an Int16Array, or bytes of signed 16-bit samples', frames);
  if (frames.byteLength % (2 * channels) !== 0)
    throw new SluiceError('SLUICE_FRAME_SHAPE', 'frames must be whole samples of every channel', {
      expected: `a length in bytes that is a multiple of ${2 * channels}`,
      received: frames.byteLength,
      fix: 'Check the channel count, or keep the rest for the next write',
    });
  if (frames instanceof Int16Array) return frames.slice();
  const bytes = frames instanceof ArrayBuffer ? frames.slice(0) : Uint8Array.prototype.slice.call(frames).buffer;
  return new Int16Array(bytes);
}

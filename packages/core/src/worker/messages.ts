import { AudioFrame } from '../audio-frame.ts';
import type { Frame } from '../frame.ts';

/** From the graph's thread to the worker. `id` names a placed operator. */
export type ToWorker =
  | {
      readonly type: 'place';
      readonly id: number;
      readonly module: string;
      readonly exportName: string;
      readonly options: unknown;
    }
  | { readonly type: 'frame'; readonly id: number; readonly frame: unknown }
  | { readonly type: 'end' | 'remove'; readonly id: number };

/** From the worker. `taken`: one frame was handled, the next may come. */
export type FromWorker =
  | { readonly type: 'frame'; readonly id: number; readonly frame: unknown }
  | { readonly type: 'taken'; readonly id: number }
  | { readonly type: 'end'; readonly id: number }
  | { readonly type: 'error'; readonly id: number; readonly error: unknown };

/** A frame as it crosses: audio by transfer of its samples, everything else by structured clone. */
export function packFrame(frame: Frame): { readonly packed: unknown; readonly transfer: ArrayBuffer[] } {
  if (!(frame instanceof AudioFrame)) return { packed: frame, transfer: [] };
  const { kind, sampleRate, channels, timestamp, epoch, gap } = frame;
  const whole = frame.samples.byteLength === frame.samples.buffer.byteLength;
  // Samples may be shared with another branch, and a transfer would take them from it.
  const samples = whole && frame.exclusive ? frame.samples : frame.samples.slice();
  return {
    packed: { kind, samples, sampleRate, channels, timestamp, epoch, gap },
    transfer: [samples.buffer as ArrayBuffer],
  };
}

export function unpackFrame(packed: unknown): Frame {
  const frame = packed as Frame;
  return frame.kind === 'audio' ? new AudioFrame(packed as AudioFrame) : frame;
}

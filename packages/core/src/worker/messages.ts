import { AudioFrame } from '../media/audio-frame.ts';
import type { Frame } from '../media/frame.ts';
import { VideoFrame, type VideoFrameInit } from '../media/video-frame.ts';
import { videoFramePool } from '../media/video-frame-pool.ts';

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

/** A frame as it crosses: audio and video by transfer of their memory, everything else by structured clone. */
export function packFrame(frame: Frame): { readonly packed: unknown; readonly transfer: ArrayBuffer[] } {
  if (frame instanceof AudioFrame) return packAudio(frame);
  return frame instanceof VideoFrame ? packVideo(frame) : { packed: frame, transfer: [] };
}

/** The frame on the other side. Pictures stay in the pool of the thread they came to. */
export function unpackFrame(packed: unknown): Frame {
  const { kind } = packed as Frame;
  if (kind === 'audio') return new AudioFrame(packed as AudioFrame);
  if (kind !== 'video') return packed as Frame;
  const { data, ...init } = packed as VideoFrameInit;
  return videoFramePool.adopt(data, init);
}

function packAudio(frame: AudioFrame) {
  const { kind, sampleRate, channels, channelMask, timestamp, epoch, gap, utterance } = frame;
  const whole = frame.samples.byteLength === frame.samples.buffer.byteLength;
  // Samples may be shared with another branch, and a transfer would take them from it.
  const samples = whole && frame.exclusive ? frame.samples : frame.samples.slice();
  return {
    packed: { kind, samples, sampleRate, channels, channelMask, timestamp, epoch, gap, utterance },
    transfer: [samples.buffer as ArrayBuffer],
  };
}

function packVideo(frame: VideoFrame) {
  const { kind, width, height, format, colorSpace, timestamp, duration, epoch, gap, utterance } = frame;
  const data = frame.detach();
  return {
    packed: { kind, data, width, height, format, colorSpace, timestamp, duration, epoch, gap, utterance },
    transfer: [data.buffer],
  };
}

import type { AudioFrame } from '../media/audio-frame.ts';
import type { ColorFormat } from '../media/color-format.ts';
import type { Frame } from '../media/frame.ts';
import type { Allowed, MediaConstraint } from '../media/media-format.ts';
import type { VideoFrame } from '../media/video-frame.ts';

declare const frameType: unique symbol;

/** A declared port of a node: which frames pass, in which formats. */
export interface PortSpec<F extends Frame = Frame> {
  /** The formats that it takes, or that leave it. Default: any. */
  readonly constraint?: MediaConstraint;
  /** Only a type: the frames that pass. Nothing is there at run time. */
  readonly [frameType]?: F;
}

/** The frames that a declared port takes. */
export type FrameOf<P> = P extends PortSpec<infer F> ? F : never;

/** A port for audio. Rates and channel counts are a value, a list (first is preferred), or absent for any. */
export function audioPort(
  format: { readonly sampleRate?: Allowed<number>; readonly channels?: Allowed<number> } = {},
): PortSpec<AudioFrame> {
  return { constraint: { kind: 'audio', ...format } };
}

/** A port for video. Sizes and colour formats are a value, a list (first is preferred), or absent for any. */
export function videoPort(
  format: {
    readonly width?: Allowed<number>;
    readonly height?: Allowed<number>;
    readonly format?: Allowed<ColorFormat>;
  } = {},
): PortSpec<VideoFrame> {
  return { constraint: { kind: 'video', ...format } };
}

/** A port for frames of a kind of your own, by the `kind` that they carry: only ports of the same kind can be linked to it. */
export function framePort<F extends Frame>(kind: F['kind']): PortSpec<F> {
  return { constraint: { kind } };
}

import type { Frame } from './frame.ts';

interface MediaShaped extends Frame {
  readonly samples?: unknown;
  readonly data?: unknown;
  readonly closed?: boolean;
}

/** The memory that a frame's samples, picture or `data` stand on; undefined where it has none, or was closed. */
export function frameMemory(frame: Frame): ArrayBufferView | undefined {
  const { closed, kind } = frame as MediaShaped;
  if (closed === true) return undefined;
  const media = kind === 'audio' ? (frame as MediaShaped).samples : (frame as MediaShaped).data;
  return ArrayBuffer.isView(media) ? media : undefined;
}

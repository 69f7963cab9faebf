// What the process that listens and the one that asks it say to each other. No code.

/** Samples of a window, which Silero judges at once: 32 ms at 16 kHz. */
export const windowLength = 512;

export type HostMessage =
  | { readonly type: 'open'; readonly session: number; readonly threshold: number }
  /** Windows one after the other; `begins` says that they do not follow on what was sent before. */
  | { readonly type: 'hear'; readonly session: number; readonly windows: Int16Array; readonly begins: boolean }
  /** Another threshold, from here on; what was learned of the sound is lost. */
  | { readonly type: 'threshold'; readonly session: number; readonly threshold: number }
  | { readonly type: 'close'; readonly session: number };

export type ChildMessage =
  /** The model stands. */
  | { readonly type: 'ready' }
  /** It never will, because of the library. */
  | { readonly type: 'unable'; readonly reason: string }
  /** The answer to each `hear`, in order: 1 for each window in which somebody speaks, 0 for the others. */
  | { readonly type: 'heard'; readonly session: number; readonly voiced: Uint8Array };

import type { GlitchCounts, VideoFrame } from '@sluice/core';
import type { HostVideoSource } from '../../host/media-host.ts';
import type { DeviceUse } from '../device-use.ts';

/** What a call needs of a camera or custom source in order to send it. Any number of clients may use one. */
export interface VideoInput {
  /**
   * What to give to `HostConnection.addTrack`. Look again after `MediaHost.onDown`: the device has a new one by then.
   * Throws `SLUICE_DEVICE_DESTROYED` when the device is gone.
   */
  readonly source: HostVideoSource;
  /** Freezes of what it was given while somebody could see it, since it was made. */
  readonly glitches: GlitchCounts;
  /**
   * Says that a client sends the device from now on, in state `connecting`. `onGone`: the device was destroyed. Each time
   * that it is `heard` somebody new may be there, who gets the last picture.
   */
  use(onGone?: () => void): DeviceUse;
}

/** What a graph needs of it as well. */
export interface PictureTarget extends VideoInput {
  /** Takes a frame of the device's size in any colours over, and never waits. Throws `SLUICE_DEVICE_DESTROYED`. */
  show(frame: VideoFrame): void;
  /** Whether pictures are left out because the process has no time. */
  readonly sheds: boolean;
  /** What it shows is meant to stand still until the next picture. */
  rest(): void;
}

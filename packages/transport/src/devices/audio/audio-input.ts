import type { GlitchCounts } from '@sluice/core';
import type { HostAudioSource } from '../../host/media-host.ts';
import type { DeviceUse } from '../device-use.ts';
import type { PlayedLevel } from './played-level.ts';

/** What a call needs of a microphone or custom source in order to send it. Any number of clients may use one. */
export interface AudioInput {
  /**
   * What to give to `HostConnection.addTrack`. Look again after `MediaHost.onDown`: the device has a new one by then.
   * Throws `SLUICE_DEVICE_DESTROYED` when the device is gone.
   */
  readonly source: HostAudioSource;
  /** Silence is sent while nothing is queued, so packets flow all the time and their absence means a fault. */
  readonly continuous: boolean;
  /** Clock time in milliseconds at which written media was played last; -Infinity before the first. */
  readonly lastPlayedAt: number;
  /** What was wrong with its sound since it was made, at the edge where it enters the engine. */
  readonly glitches: GlitchCounts;
  /** Measures from now on how loud it is as it is played; until it is closed. */
  openLevel(): PlayedLevel;
  /** Says that a client sends the device from now on, in state `connecting`. `onGone`: the device was destroyed. */
  use(onGone?: () => void): DeviceUse;
}

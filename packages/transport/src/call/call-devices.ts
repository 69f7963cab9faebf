// The terms of a call: devices, participants, names of tracks, checks of settings. Nothing that sends or receives.

import type { Cancel } from '@sluice/core';
import type { AudioInput } from '../devices/audio/audio-input.ts';
import { type AvailableDevices, deviceChanges, noDevices } from '../devices/available-devices.ts';
import type { LoadWatch } from '../devices/load-watch.ts';
import { currentDevices, hasCurrentDevices } from '../devices/registry.ts';
import type { RemoteVoice } from '../devices/speaker/speaker-hub.ts';
import type { TrackGlitches } from '../devices/track-glitches.ts';
import type { VideoInput } from '../devices/video/video-input.ts';
import type { MediaHost } from '../host/media-host.ts';

/** What a call needs of the virtual devices of the process. */
export interface CallDevices {
  /** The engine in which tracks and connections of the call are made; that of the process, or one of the test. */
  readonly host: MediaHost;
  /** In the order they were made. */
  readonly microphones: readonly { readonly name: string }[];
  /** In the order they were made. */
  readonly cameras: readonly { readonly name: string }[];
  /** @throws `SLUICE_DEVICE_UNKNOWN`. */
  resolveMicrophone(deviceId: string): AudioInput;
  /** @throws `SLUICE_DEVICE_UNKNOWN`. */
  resolveCustomTrack(id: string): AudioInput;
  /** @throws `SLUICE_DEVICE_UNKNOWN`. */
  resolveCamera(deviceId: string): VideoInput;
  /** @throws `SLUICE_DEVICE_UNKNOWN`. */
  resolveCustomVideoTrack(id: string): VideoInput;
  /** From now until the returned function is called there is a call, which is left before the devices are gone. */
  inCall(leave: () => Promise<void>): Cancel;
  /** From now until the returned function is called `read` gives the glitches of a call, for `Daily.metrics`. */
  readonly measured?: (read: () => readonly TrackGlitches[]) => Cancel;
  /** Whether the process has time. Absent: it has. */
  readonly load?: LoadWatch;
  /** Absent: none are listed. */
  readonly available?: AvailableDevices;
  /** Tells whenever one is made or destroyed. */
  readonly onAvailable?: (listener: (devices: AvailableDevices) => void) => Cancel;
  /** The way of received tracks to the selected speaker. */
  readonly speakers: { open(): RemoteVoice };
}

/** The devices of `Daily`, looked up anew each time, so that a client outlives `Daily.deinit` and the next `init`. */
export const dailyDevices: CallDevices = {
  get host() {
    return currentDevices().host;
  },
  get microphones() {
    return currentDevices().microphones;
  },
  get cameras() {
    return currentDevices().cameras;
  },
  resolveMicrophone: (deviceId) => currentDevices().resolveMicrophone(deviceId),
  resolveCustomTrack: (id) => currentDevices().resolveCustomTrack(id),
  resolveCamera: (deviceId) => currentDevices().resolveCamera(deviceId),
  resolveCustomVideoTrack: (id) => currentDevices().resolveCustomVideoTrack(id),
  inCall: (leave) => currentDevices().inCall(leave),
  measured: (read) => currentDevices().measured(read),
  get load() {
    return currentDevices().load;
  },
  get available() {
    return hasCurrentDevices() ? currentDevices().available : noDevices;
  },
  onAvailable: (listener) => deviceChanges.add(listener),
  get speakers() {
    return currentDevices().speakers;
  },
};

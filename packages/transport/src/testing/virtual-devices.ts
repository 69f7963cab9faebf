import type { Clock } from '@sluice/core';
import type { VirtualMicrophoneDevice } from '../devices/audio/virtual-microphone.ts';
import { createCamera, createMicrophone, createSpeaker } from '../devices/create-devices.ts';
import type { DeviceOptions, MicrophoneDeviceOptions } from '../devices/device-options.ts';
import { DeviceRegistry } from '../devices/registry.ts';
import type { VirtualSpeakerDevice } from '../devices/speaker/virtual-speaker.ts';
import type { CameraDeviceOptions } from '../devices/video/picture-options.ts';
import type { VirtualCameraDevice } from '../devices/video/virtual-camera.ts';
import { type VirtualMediaHost, type VirtualMediaHostOptions, virtualMediaHost } from './virtual-media-host.ts';

/** What virtual devices run by. */
export interface VirtualDevicesOptions extends VirtualMediaHostOptions {
  /** By which they play and capture: a `VirtualClock` in tests. */
  readonly clock: Clock;
}

/** Devices of their own, beside those of `Daily` and of other rooms in the process. */
export interface VirtualDevices {
  /** Where they play and record: an engine that moves by its clock alone. */
  readonly host: VirtualMediaHost;
  /** As `Daily.createMicrophoneDevice`. Somebody hears it from the beginning, as in a call. */
  createMicrophoneDevice(name: string, options?: MicrophoneDeviceOptions): VirtualMicrophoneDevice;
  /** As `Daily.createSpeakerDevice`. */
  createSpeakerDevice(name: string, options?: DeviceOptions): VirtualSpeakerDevice;
  /** As `Daily.createCameraDevice`. Somebody sees it from the beginning. */
  createCameraDevice(name: string, options: CameraDeviceOptions): VirtualCameraDevice;
  /** Destroys the devices; what waits on them settles. */
  close(): Promise<void>;
}

/**
 * Real devices (queue, cushion, fades, receipts, epochs) on a virtual media host and a clock, without `Daily.init`: any
 * number of them live in one process.
 *
 * @example
 * const clock = new VirtualClock();
 * const devices = virtualDevices({ clock });
 * const speaks = toMicrophone(devices.createMicrophoneDevice('agent'));
 * @throws TypeError for options that do not exist
 */
export function virtualDevices({ clock, ...options }: VirtualDevicesOptions): VirtualDevices {
  const host = virtualMediaHost(clock, options);
  const registry = new DeviceRegistry({ clock, createHost: () => host });
  const devices = () => registry;
  return {
    host,
    createMicrophoneDevice: (name, microphone = {}) => {
      const device = createMicrophone(devices, name, microphone);
      device.input.use().set('heard');
      return device;
    },
    createSpeakerDevice: (name, speaker = {}) => createSpeaker(devices, name, speaker),
    createCameraDevice: (name, camera) => {
      const device = createCamera(devices, name, camera);
      device.input.use().set('heard');
      return device;
    },
    close: () => registry.close(),
  };
}

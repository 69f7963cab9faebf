import { checkKeys, invalidArgument } from '@sluice/core';
import { VirtualMicrophoneDevice } from './audio/virtual-microphone.ts';
import {
  checkDeviceFormat,
  type DeviceOptions,
  deviceKeys,
  type MicrophoneDeviceOptions,
  playoutKeys,
  playoutOptions,
} from './device-options.ts';
import type { DeviceRegistry } from './registry.ts';
import { VirtualSpeakerDevice } from './speaker/virtual-speaker.ts';
import { type CameraDeviceOptions, pictureFormat, pictureKeys, pictureOptions } from './video/picture-options.ts';
import { VirtualCameraDevice } from './video/virtual-camera.ts';

/** The longest name of a device in characters. */
const LONGEST_NAME = 256;

/** Makes a microphone in a registry. Throws `SLUICE_DEVICE_EXISTS`, `RangeError` for a format that cannot be played. */
export function createMicrophone(
  devices: () => DeviceRegistry,
  name: string,
  options: MicrophoneDeviceOptions,
): VirtualMicrophoneDevice {
  checkKeys<MicrophoneDeviceOptions>('createMicrophoneDevice', options, { ...deviceKeys, ...playoutKeys });
  const format = checkDevice(name, options);
  const registry = devices();
  const playout = playoutOptions(options);
  const { clock } = registry;
  return registry.addMicrophone(
    name,
    (host) => new VirtualMicrophoneDevice({ name, ...format, autoSilence: true, ...playout, clock, host }),
  );
}

/** Makes a speaker in a registry. Throws `SLUICE_DEVICE_EXISTS`, `RangeError` for a format that cannot be heard. */
export function createSpeaker(
  devices: () => DeviceRegistry,
  name: string,
  options: DeviceOptions,
): VirtualSpeakerDevice {
  checkKeys<DeviceOptions>('createSpeakerDevice', options, deviceKeys);
  const format = checkDevice(name, options);
  const registry = devices();
  const { clock } = registry;
  return registry.addSpeaker(name, () => new VirtualSpeakerDevice({ name, ...format, clock }));
}

/** Makes a camera in a registry. Throws `SLUICE_DEVICE_EXISTS`, and for a size, format or rate that there is not. */
export function createCamera(
  devices: () => DeviceRegistry,
  name: string,
  options: CameraDeviceOptions,
): VirtualCameraDevice {
  checkName(name);
  checkKeys<CameraDeviceOptions>('createCameraDevice', options, {
    ...pictureKeys,
    width: true,
    height: true,
    colorFormat: true,
  });
  const { width, height, colorFormat = 'RGBA' } = options;
  const format = pictureFormat(width, height, colorFormat);
  const pictures = pictureOptions(options);
  const registry = devices();
  const { clock, load } = registry;
  return registry.addCamera(name, (host) => new VirtualCameraDevice({ name, format, ...pictures, clock, host, load }));
}

function checkName(name: string): void {
  if (typeof name !== 'string' || name.length === 0 || name.length > LONGEST_NAME)
    throw invalidArgument('name', `a name of 1 to ${LONGEST_NAME} characters`, name);
}

function checkDevice(name: string, options: DeviceOptions): Required<DeviceOptions> {
  checkName(name);
  const { sampleRate = 16_000, channels = 1, nonBlocking = false } = options;
  checkDeviceFormat(sampleRate, channels);
  if (typeof nonBlocking !== 'boolean') throw invalidArgument('nonBlocking', 'true or false', nonBlocking);
  return { sampleRate, channels, nonBlocking };
}

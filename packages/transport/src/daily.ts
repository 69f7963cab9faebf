import { type Cancel, type ColorFormat, checkKeys, invalidArgument } from '@sluice/core';
import { VirtualMicrophoneDevice } from './devices/audio/virtual-microphone.ts';
import { CustomAudioSource } from './devices/custom/custom-audio-source.ts';
import { CustomVideoSource } from './devices/custom/custom-video-source.ts';
import { alreadyInitialized } from './devices/device-errors.ts';
import {
  checkDeviceFormat,
  type DeviceOptions,
  deviceKeys,
  type MicrophoneDeviceOptions,
  playoutKeys,
  playoutOptions,
} from './devices/device-options.ts';
import {
  currentDevices,
  DeviceRegistry,
  hasCurrentDevices,
  setCurrentDevices,
  type VirtualDevice,
} from './devices/registry.ts';
import { VirtualSpeakerDevice } from './devices/speaker/virtual-speaker.ts';
import {
  type CameraDeviceOptions,
  pictureFormat,
  pictureKeys,
  pictureOptions,
} from './devices/video/picture-options.ts';
import { VirtualCameraDevice } from './devices/video/virtual-camera.ts';
import { createMediaHost, type MediaHostMode, mediaHostModes } from './host/create-media-host.ts';
import { watchIdle } from './host/idle-watch.ts';
import { isLogLevel, LogGate, type Logger, type LogLevel, logLevels } from './logger.ts';
import { refusePythonNames } from './python-names.ts';
import { NativeVad, type NativeVadOptions } from './vad/native-vad.ts';

export interface DailyInitOptions {
  /** Where the media engine runs. Default `child`: a blocked event loop here does not interrupt the sound. */
  readonly mediaHost?: MediaHostMode;
  /** Default `off`. */
  readonly logLevel?: LogLevel;
  /** Takes what is logged; pino's interface. Default: nothing is logged. */
  readonly logger?: Logger;
}

/** A device as `Daily.devices` lists it. */
export type DeviceDescription = AudioDeviceDescription | CameraDescription;

export interface AudioDeviceDescription {
  readonly kind: 'microphone' | 'speaker';
  /** The name, which is also the `deviceId`. */
  readonly name: string;
  readonly sampleRate: number;
  readonly channels: number;
  /** A microphone that a client sends, or the selected speaker. */
  readonly active: boolean;
}

export interface CameraDescription {
  readonly kind: 'camera';
  /** The name, which is also the `deviceId`. */
  readonly name: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly colorFormat: ColorFormat;
  /** A client sends it. */
  readonly active: boolean;
}

/** The longest name of a device in characters. */
const LONGEST_NAME = 256;

/** Process-wide state: the media host and the devices. */
export const Daily = {
  /**
   * Must be called before anything else, once until `deinit`.
   *
   * @throws `SLUICE_ALREADY_INITIALIZED`.
   */
  init(options: DailyInitOptions = {}): void {
    if (hasCurrentDevices()) throw alreadyInitialized();
    checkKeys<DailyInitOptions>('init', options, { mediaHost: true, logLevel: true, logger: true });
    const { mediaHost = 'child', logLevel = 'off', logger } = options;
    if (!mediaHostModes.includes(mediaHost))
      throw invalidArgument('mediaHost', `one of ${mediaHostModes.join(', ')}`, mediaHost);
    Daily.setLogLevel(logLevel);
    log.target = logger;
    const devices = new DeviceRegistry({ createHost: () => createMediaHost(mediaHost, log) });
    setCurrentDevices(devices);
    cancelIdleWatch = watchIdle(
      mediaHost,
      () => devices.busy,
      (error) => process.emitWarning(error),
    );
    log.log('info', 'initialized', { mediaHost });
  },

  /**
   * Leaves the calls that clients are still in, destroys every device and ends the media host. Pending writes and reads
   * settle. Does nothing when there is nothing to end.
   */
  async deinit(): Promise<void> {
    if (hasCurrentDevices()) {
      cancelIdleWatch();
      ending = end(currentDevices());
      setCurrentDevices(undefined);
    }
    await ending;
  },

  /** @throws `TypeError` for an unknown level. */
  setLogLevel(level: LogLevel): void {
    if (!isLogLevel(level)) throw invalidArgument('logLevel', `one of ${logLevels.join(', ')}`, level);
    log.level = level;
  },

  /** @throws `SLUICE_DEVICE_EXISTS`, `RangeError` for a format that cannot be played. */
  createMicrophoneDevice(name: string, options: MicrophoneDeviceOptions = {}): VirtualMicrophoneDevice {
    checkKeys<MicrophoneDeviceOptions>('createMicrophoneDevice', options, { ...deviceKeys, ...playoutKeys });
    const { sampleRate, channels, nonBlocking } = checkDevice(name, options);
    const devices = currentDevices();
    const playout = playoutOptions(options);
    return devices.addMicrophone(
      name,
      (host) =>
        new VirtualMicrophoneDevice({
          name,
          sampleRate,
          channels,
          nonBlocking,
          autoSilence: true,
          ...playout,
          clock: devices.clock,
          host,
        }),
    );
  },

  /** @throws `SLUICE_DEVICE_EXISTS`, `RangeError` for a format that cannot be heard. */
  createSpeakerDevice(name: string, options: DeviceOptions = {}): VirtualSpeakerDevice {
    checkKeys<DeviceOptions>('createSpeakerDevice', options, deviceKeys);
    const { sampleRate, channels, nonBlocking } = checkDevice(name, options);
    const devices = currentDevices();
    const { clock } = devices;
    return devices.addSpeaker(name, () => new VirtualSpeakerDevice({ name, sampleRate, channels, nonBlocking, clock }));
  },

  /**
   * Makes a camera, one of any number. It shows nothing before the first picture.
   *
   * @throws `SLUICE_DEVICE_EXISTS`, `TypeError` and `RangeError` for a size, format or rate that there is not.
   */
  createCameraDevice(name: string, options: CameraDeviceOptions): VirtualCameraDevice {
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
    const devices = currentDevices();
    const { clock } = devices;
    return devices.addCamera(name, (host) => new VirtualCameraDevice({ name, format, ...pictures, clock, host }));
  },

  /**
   * Makes a voice-activity detector, one of any number; `init` is not needed. It loads when it is first asked.
   *
   * @example
   * ```ts
   * const vad = Daily.createNativeVad();
   * const confidence = await vad.analyzeFrames(await speaker.readFrames(160));
   * ```
   * @throws TypeError, RangeError for options that there are not
   */
  createNativeVad(options: NativeVadOptions = {}): NativeVad {
    return new NativeVad(options);
  },

  /** What all clients of this process receive is heard by this speaker from now on. */
  selectSpeakerDevice(name: string): void {
    currentDevices().selectSpeaker(name);
  },

  /** Destroys a microphone, speaker or camera. What waits on it settles; later calls throw `SLUICE_DEVICE_DESTROYED`. */
  destroyDevice(device: string | VirtualDevice): void {
    currentDevices().destroy(typeof device === 'string' ? device : device.name);
  },

  get devices(): readonly DeviceDescription[] {
    const registry = currentDevices();
    return [
      ...registry.microphones.map((device) => describe('microphone', device, device.active)),
      ...registry.speakerDevices.map((device) => describe('speaker', device, device === registry.speakers.selected)),
      ...registry.cameras.map(
        ({ name, width, height, colorFormat, active }) =>
          ({ kind: 'camera', name, width, height, colorFormat, active }) as const,
      ),
    ];
  },
} as const;

// Who has the names of Python at hand is told ours, by everything that this makes and by what is made with `new`.
for (const named of [
  Daily,
  VirtualMicrophoneDevice.prototype,
  VirtualSpeakerDevice.prototype,
  VirtualCameraDevice.prototype,
  CustomAudioSource.prototype,
  CustomVideoSource.prototype,
  NativeVad.prototype,
])
  refusePythonNames(named);

const log = new LogGate();
let cancelIdleWatch: Cancel = () => {};
/** The end that is under way, or was the last. */
let ending: Promise<void> | undefined;

async function end(devices: DeviceRegistry): Promise<void> {
  const { target } = log;
  await devices.close();
  log.log('info', 'deinitialized');
  if (log.target === target) log.target = undefined;
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

function describe(
  kind: AudioDeviceDescription['kind'],
  device: VirtualMicrophoneDevice | VirtualSpeakerDevice,
  active: boolean,
): AudioDeviceDescription {
  const { name, sampleRate, channels } = device;
  return { kind, name, sampleRate, channels, active };
}

import { type Cancel, type ColorFormat, checkKeys, invalidArgument, metricsText } from '@sluice/core';
import { VirtualMicrophoneDevice } from './devices/audio/virtual-microphone.ts';
import { createCamera, createMicrophone, createSpeaker } from './devices/create-devices.ts';
import { CustomAudioSource } from './devices/custom/custom-audio-source.ts';
import { CustomVideoSource } from './devices/custom/custom-video-source.ts';
import { alreadyInitialized } from './devices/device-errors.ts';
import type { DeviceOptions, MicrophoneDeviceOptions } from './devices/device-options.ts';
import { glitchMetrics } from './devices/glitch-metrics.ts';
import type { CpuLoad } from './devices/load-watch.ts';
import {
  currentDevices,
  DeviceRegistry,
  hasCurrentDevices,
  setCurrentDevices,
  type VirtualDevice,
} from './devices/registry.ts';
import { VirtualSpeakerDevice } from './devices/speaker/virtual-speaker.ts';
import type { CameraDeviceOptions } from './devices/video/picture-options.ts';
import { VirtualCameraDevice } from './devices/video/virtual-camera.ts';
import { createMediaHost, type MediaHostMode, mediaHostModes } from './host/create-media-host.ts';
import { watchIdle } from './host/idle-watch.ts';
import { isLogLevel, LogGate, type Logger, type LogLevel, logLevels } from './logger.ts';
import { refusePythonNames } from './python-names.ts';
import { NativeVad, type NativeVadOptions } from './vad/native-vad.ts';

/** Where the media engine runs, and how much is logged. */
export interface DailyInitOptions {
  /** Where the media engine runs. Default `child`: a blocked event loop here does not interrupt the sound. */
  readonly mediaHost?: MediaHostMode;
  /** Default `off`. */
  readonly logLevel?: LogLevel;
  /** Takes what is logged; pino's interface. Default: nothing is logged. */
  readonly logger?: Logger;
  /**
   * Whether pictures give way to sound where the process has no time (`Daily.cpuLoad`): of each track that it writes or receives
   * five a second go on. What is left out is not shown later, the last picture of a series neither. Default true.
   */
  readonly shedPictures?: boolean;
}

/** A device as `Daily.devices` lists it. */
export type DeviceDescription = AudioDeviceDescription | CameraDescription;

/** A virtual microphone or speaker, as it is listed. */
export interface AudioDeviceDescription {
  /** Whether it is spoken into or listened to. */
  readonly kind: 'microphone' | 'speaker';
  /** The name, which is also the `deviceId`. */
  readonly name: string;
  /** Hz. */
  readonly sampleRate: number;
  /** How many channels its samples have. */
  readonly channels: number;
  /** A microphone that a client sends, or the selected speaker. */
  readonly active: boolean;
}

/** A virtual camera, as it is listed. */
export interface CameraDescription {
  readonly kind: 'camera';
  /** The name, which is also the `deviceId`. */
  readonly name: string;
  /** Pixels. */
  readonly width: number;
  /** Pixels, as `width`. */
  readonly height: number;
  /** How the bytes of its pictures lie. */
  readonly colorFormat: ColorFormat;
  /** A client sends it. */
  readonly active: boolean;
}

/** Process-wide state: the media host and the devices. */
export const Daily = {
  /**
   * Must be called before anything else, once until `deinit`.
   *
   * @throws `SLUICE_ALREADY_INITIALIZED`.
   */
  init(options: DailyInitOptions = {}): void {
    if (hasCurrentDevices()) throw alreadyInitialized();
    checkKeys<DailyInitOptions>('init', options, {
      mediaHost: true,
      logLevel: true,
      logger: true,
      shedPictures: true,
    });
    const { mediaHost = 'child', logLevel = 'off', logger, shedPictures = true } = options;
    if (typeof shedPictures !== 'boolean') throw invalidArgument('shedPictures', 'true or false', shedPictures);
    if (!mediaHostModes.includes(mediaHost))
      throw invalidArgument('mediaHost', `one of ${mediaHostModes.join(', ')}`, mediaHost);
    Daily.setLogLevel(logLevel);
    log.target = logger;
    const devices = new DeviceRegistry({ createHost: () => createMediaHost(mediaHost, log), shedPictures });
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
    return createMicrophone(currentDevices, name, options);
  },

  /** @throws `SLUICE_DEVICE_EXISTS`, `RangeError` for a format that cannot be heard. */
  createSpeakerDevice(name: string, options: DeviceOptions = {}): VirtualSpeakerDevice {
    return createSpeaker(currentDevices, name, options);
  },

  /**
   * Makes a camera, one of any number. It shows nothing before the first picture.
   *
   * @throws `SLUICE_DEVICE_EXISTS`, `TypeError` and `RangeError` for a size, format or rate that there is not.
   */
  createCameraDevice(name: string, options: CameraDeviceOptions): VirtualCameraDevice {
    return createCamera(currentDevices, name, options);
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

  /**
   * Glitches of all calls and speakers of this process in the text format of Prometheus (version 0.0.4), to be given out as
   * `text/plain; version=0.0.4` by whatever serves the application's figures. The counters are
   * `sluice_glitch_gaps_total`, `sluice_glitch_gap_seconds_total`, `sluice_glitch_concealed_seconds_total` and
   * `sluice_played_seconds_total` with the labels `edge` (`sender`, `receiver`, `speaker`), `kind`, `track` and `participant`.
   * A series is there as long as its call, participant or device. What is received is at most two seconds old.
   *
   * @throws `SLUICE_NOT_INITIALIZED`
   */
  metrics(): string {
    return metricsText(glitchMetrics(currentDevices().glitches));
  },

  /**
   * Whether this process has time for its calls. `low` outside a call. `cpu-load-updated` tells clients when it changes.
   *
   * @throws `SLUICE_NOT_INITIALIZED`
   */
  get cpuLoad(): CpuLoad {
    return currentDevices().load.load;
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

function describe(
  kind: AudioDeviceDescription['kind'],
  device: VirtualMicrophoneDevice | VirtualSpeakerDevice,
  active: boolean,
): AudioDeviceDescription {
  const { name, sampleRate, channels } = device;
  return { kind, name, sampleRate, channels, active };
}

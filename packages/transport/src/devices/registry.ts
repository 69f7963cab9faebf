// What code speaks into, draws for and listens to: virtual microphones, cameras, speakers, custom sources, and the
// registry of a process that holds them. Knows no call and no RxJS.

/**
 * What calls use of the devices (`CallClient` and nothing else; users see `Daily`):
 *
 * - `devices.host`: the media host of this process, started on first use.
 * - `devices.resolveMicrophone(deviceId)` and `devices.resolveCustomTrack(id)` give an {@link AudioInput}. Send it with
 *   `const use = input.use(); connection.addTrack('microphone', input.source)`, tell `use.set('alone')` when joined with
 *   nobody else there, `use.set('connecting')` while a first far side is being connected, `use.set('heard')` when one
 *   receives; `use.close()` when no longer sent. After `host.onDown` take `input.source` again.
 * - `devices.resolveCamera(deviceId)` and `devices.resolveCustomVideoTrack(id)` give a {@link VideoInput} in the same way.
 *   Tell `use.set('heard')` again whenever somebody new may see it: the last picture is then sent again.
 * - `devices.speakers.onWanted(listener)` says (also at once) whether a speaker is selected: receive remote tracks only
 *   then. `const voice = devices.speakers.open()` per remote track that is subscribed (present, also before its first
 *   sample), `voice.push(samples, sampleRate, channels)` for each 10 ms, `voice.close()` when it is gone.
 */
import { type Cancel, type Clock, realClock } from '@sluice/core';
import type { MediaHost } from '../host/media-host.ts';
import type { AudioInput } from './audio/audio-input.ts';
import type { VirtualMicrophoneDevice } from './audio/virtual-microphone.ts';
import { type AvailableDevices, availableDevices, deviceChanges, noDevices } from './available-devices.ts';
import { deviceDestroyed, deviceExists, deviceUnknown, notInitialized } from './device-errors.ts';
import { LoadWatch } from './load-watch.ts';
import { SpeakerHub } from './speaker/speaker-hub.ts';
import { VirtualSpeakerDevice } from './speaker/virtual-speaker.ts';
import type { TrackGlitches } from './track-glitches.ts';
import type { VideoInput } from './video/video-input.ts';
import type { VirtualCameraDevice } from './video/virtual-camera.ts';

/** A camera, microphone or speaker of this process. */
export type VirtualDevice = VirtualCameraDevice | VirtualMicrophoneDevice | VirtualSpeakerDevice;

/** A source of custom tracks, as the registry holds it. */
interface CustomSource<Input> {
  readonly input: Input;
  close(): void;
}

export interface DeviceRegistryOptions {
  readonly createHost: () => MediaHost;
  /** Default: the real clock. */
  readonly clock?: Clock;
  /** Whether pictures give way where the process has no time. Default: true. */
  readonly shedPictures?: boolean;
}

/** The devices of a process between `Daily.init` and `Daily.deinit`. Names are unique over all kinds. */
export class DeviceRegistry {
  readonly clock: Clock;
  readonly speakers: SpeakerHub;
  /** Watched while there is a call. */
  readonly load: LoadWatch;
  readonly #createHost: () => MediaHost;
  readonly #microphones = new Map<string, VirtualMicrophoneDevice>();
  readonly #speakerDevices = new Map<string, VirtualSpeakerDevice>();
  readonly #cameras = new Map<string, VirtualCameraDevice>();
  readonly #tracks = new Map<string, CustomSource<AudioInput>>();
  readonly #videoTracks = new Map<string, CustomSource<VideoInput>>();
  readonly #sources = new Set<CustomSource<unknown>>();
  /** Leave the calls that use the devices. */
  readonly #calls = new Set<() => Promise<void>>();
  /** Tell of the glitches of calls. */
  readonly #measured = new Set<() => readonly TrackGlitches[]>();
  #host: MediaHost | undefined;
  #closed = false;
  #closing: Promise<void> | undefined;

  constructor(options: DeviceRegistryOptions) {
    this.#createHost = options.createHost;
    this.clock = options.clock ?? realClock;
    this.speakers = new SpeakerHub();
    this.load = new LoadWatch(this.clock, options.shedPictures ?? true);
  }

  get host(): MediaHost {
    if (this.#closed) throw notInitialized();
    this.#host ??= this.#createHost();
    return this.#host;
  }

  get microphones(): readonly VirtualMicrophoneDevice[] {
    return [...this.#microphones.values()];
  }

  get speakerDevices(): readonly VirtualSpeakerDevice[] {
    return [...this.#speakerDevices.values()];
  }

  get cameras(): readonly VirtualCameraDevice[] {
    return [...this.#cameras.values()];
  }

  get available(): AvailableDevices {
    return availableDevices(this.microphones, this.speakerDevices, this.cameras);
  }

  addMicrophone(name: string, create: (host: MediaHost) => VirtualMicrophoneDevice): VirtualMicrophoneDevice {
    this.#checkName(name);
    const device = create(this.host);
    this.#microphones.set(name, device);
    this.#changed();
    return device;
  }

  addSpeaker(name: string, create: () => VirtualSpeakerDevice): VirtualSpeakerDevice {
    this.#checkName(name);
    const device = create();
    this.#speakerDevices.set(name, device);
    this.#changed();
    return device;
  }

  addCamera(name: string, create: (host: MediaHost) => VirtualCameraDevice): VirtualCameraDevice {
    this.#checkName(name);
    const device = create(this.host);
    this.#cameras.set(name, device);
    this.#changed();
    return device;
  }

  /** The microphone of this name. Throws `SLUICE_DEVICE_UNKNOWN`. */
  resolveMicrophone(deviceId: string): AudioInput {
    const device = this.#microphones.get(deviceId);
    if (device === undefined) throw deviceUnknown('microphone', deviceId, [...this.#microphones.keys()]);
    return device.input;
  }

  /** The source of the custom track with this id. Throws `SLUICE_DEVICE_UNKNOWN`. */
  resolveCustomTrack(id: string): AudioInput {
    const source = this.#tracks.get(id);
    if (source === undefined) throw deviceUnknown('custom track', id, [...this.#tracks.keys()]);
    return source.input;
  }

  /** The camera of this name. Throws `SLUICE_DEVICE_UNKNOWN`. */
  resolveCamera(deviceId: string): VideoInput {
    const device = this.#cameras.get(deviceId);
    if (device === undefined) throw deviceUnknown('camera', deviceId, [...this.#cameras.keys()]);
    return device.input;
  }

  /** The source of the custom video track with this id. Throws `SLUICE_DEVICE_UNKNOWN`. */
  resolveCustomVideoTrack(id: string): VideoInput {
    const source = this.#videoTracks.get(id);
    if (source === undefined) throw deviceUnknown('custom video track', id, [...this.#videoTracks.keys()]);
    return source.input;
  }

  selectSpeaker(name: string): void {
    const device = this.#speakerDevices.get(name);
    if (device === undefined) throw deviceUnknown('speaker', name, [...this.#speakerDevices.keys()]);
    this.speakers.select(device);
  }

  addSource(source: CustomSource<unknown>): void {
    this.#sources.add(source);
  }

  addTrack(id: string, source: CustomSource<AudioInput>): void {
    if (!this.#sources.has(source)) throw deviceDestroyed('the custom audio source');
    this.#tracks.set(id, source);
  }

  addVideoTrack(id: string, source: CustomSource<VideoInput>): void {
    if (!this.#sources.has(source)) throw deviceDestroyed('the custom video source');
    this.#videoTracks.set(id, source);
  }

  /** Forgets a source and the tracks that were made of it. */
  removeSource(source: CustomSource<unknown>): void {
    this.#sources.delete(source);
    for (const tracks of [this.#tracks, this.#videoTracks])
      for (const [id, other] of tracks) if (other === source) tracks.delete(id);
  }

  /** Closes a device; what waits on it settles. Throws `SLUICE_DEVICE_UNKNOWN`. */
  destroy(name: string): void {
    const device = this.#device(name);
    if (device === undefined) throw deviceUnknown('device', name, this.#names);
    for (const devices of this.#kinds) devices.delete(name);
    if (device instanceof VirtualSpeakerDevice) this.speakers.deselect(device);
    device.close();
    this.#changed();
  }

  /** Whether a client is in a call or joining one. */
  get busy(): boolean {
    return this.#calls.size > 0;
  }

  /** There is a call, which `close` leaves; until the returned function is called. */
  inCall(leave: () => Promise<void>): Cancel {
    this.#calls.add(leave);
    const stop = this.load.watch();
    return () => {
      this.#calls.delete(leave);
      stop();
    };
  }

  /** `read` tells of the glitches of a call until the returned function is called. */
  measured(read: () => readonly TrackGlitches[]): Cancel {
    this.#measured.add(read);
    return () => this.#measured.delete(read);
  }

  /** Of all calls, and of all speakers. */
  get glitches(): readonly TrackGlitches[] {
    const speakers = this.speakerDevices.map(
      ({ name, glitches }) =>
        ({ edge: 'speaker', kind: 'audio', track: name, participantId: '', ...glitches }) as const,
    );
    return [...[...this.#measured].flatMap((read) => read()), ...speakers];
  }

  /** Leaves the calls, closes every device and source, then the host. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.busy) await Promise.all([...this.#calls].map((leave) => leave()));
    this.#closed = true;
    for (const name of this.#names) this.destroy(name);
    for (const source of [...this.#sources]) source.close();
    await this.#host?.close();
  }

  /** A registry of a test is nobody's devices. */
  #changed(): void {
    if (current === this) deviceChanges.emit(this.available);
  }

  get #kinds(): readonly Map<string, VirtualDevice>[] {
    return [this.#microphones, this.#speakerDevices, this.#cameras] as Map<string, VirtualDevice>[];
  }

  get #names(): readonly string[] {
    return this.#kinds.flatMap((devices) => [...devices.keys()]);
  }

  #device(name: string): VirtualDevice | undefined {
    return this.#microphones.get(name) ?? this.#speakerDevices.get(name) ?? this.#cameras.get(name);
  }

  #checkName(name: string): void {
    if (this.#closed) throw notInitialized();
    if (this.#device(name) !== undefined) throw deviceExists(name);
  }
}

let current: DeviceRegistry | undefined;

/** The registry of this process. Throws `SLUICE_NOT_INITIALIZED` before `Daily.init` and after `Daily.deinit`. */
export function currentDevices(): DeviceRegistry {
  if (current === undefined) throw notInitialized();
  return current;
}

/** For `Daily` and tests. */
export function setCurrentDevices(devices: DeviceRegistry | undefined): void {
  const had = current?.available.audio.length || current?.available.camera.length;
  current = devices;
  if (had) deviceChanges.emit(devices?.available ?? noDevices);
}

export function hasCurrentDevices(): boolean {
  return current !== undefined;
}

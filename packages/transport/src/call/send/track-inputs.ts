import { invalidArgument, SluiceError } from '@sluice/core';
import { limits } from '@sluice/protocol';
import type { AudioInput } from '../../devices/audio/audio-input.ts';
import type { VideoInput } from '../../devices/video/video-input.ts';
import type { CallDevices } from '../call-devices.ts';
import { type CustomKind, customTrackName } from '../track-name.ts';
import type { AudioInputSettings, InputSettings, VideoInputSettings } from './inputs.ts';
import type { OfferedState, TrackInput } from './offered-track.ts';

/** Something that can be added under a name: a `CustomAudioTrack` or `CustomVideoTrack`. */
export interface TrackWithId {
  readonly id: string;
}

/** What a room allows, beside the four inputs. */
const MOST_CUSTOM_TRACKS = limits.tracks - 4;

export type InputAndState = OfferedState & { readonly input: TrackInput };

/** The devices and custom tracks that a client has chosen, by track name. */
export class TrackInputs {
  readonly #devices: CallDevices;
  readonly #custom = new Map<string, InputAndState>();
  #inputs = new Map<string, InputAndState>();

  constructor(devices: CallDevices) {
    this.#devices = devices;
  }

  *[Symbol.iterator](): Iterator<readonly [name: string, input: InputAndState]> {
    yield* this.#inputs;
    yield* this.#custom;
  }

  get(name: string): TrackInput | undefined {
    return (this.#inputs.get(name) ?? this.#custom.get(name))?.input;
  }

  /** Changes nothing if a device is unknown, which it throws. */
  set({ microphone, screenAudio, camera, screenVideo }: InputSettings): void {
    const found = new Map<string, InputAndState>();
    const add = (name: string, enabled: boolean, input: TrackInput | undefined, frameRate?: number) => {
      // What a shared screen plays is nobody speaking.
      const ignoreLevel = name === 'screenAudio';
      if (input !== undefined) found.set(name, { input, enabled, ignoreLevel, frameRate });
    };
    add('microphone', microphone.isEnabled, this.#microphone(microphone.settings, microphone.isEnabled));
    add('screenAudio', screenAudio.isEnabled, audio(this.#audioOf(screenAudio.settings)));
    add('camera', camera.isEnabled, this.#camera(camera.settings, camera.isEnabled), camera.settings.frameRate);
    add('screenVideo', screenVideo.isEnabled, video(this.#videoOf(screenVideo.settings)));
    this.#inputs = found;
  }

  addCustom(kind: CustomKind, name: string, track: TrackWithId, ignoreLevel: boolean): void {
    const key = customTrackName(kind, name);
    if (this.#custom.has(key))
      throw new SluiceError('SLUICE_CALL_TRACK', `there is a custom track named ${name} already`, {
        fix: `Call ${method('update', kind)} to swap it`,
      });
    if (this.#custom.size >= MOST_CUSTOM_TRACKS)
      throw new SluiceError('SLUICE_CALL_TRACK', `a client sends at most ${MOST_CUSTOM_TRACKS} custom tracks`, {
        received: name,
        fix: 'Remove another one first',
      });
    this.#custom.set(key, { input: this.#customInput(kind, track), enabled: true, ignoreLevel });
  }

  updateCustom(kind: CustomKind, name: string, track: TrackWithId, ignoreLevel?: boolean): void {
    const key = customTrackName(kind, name);
    const current = this.#known(kind, name);
    const input = this.#customInput(kind, track);
    this.#custom.set(key, { ...current, input, ignoreLevel: ignoreLevel ?? current.ignoreLevel });
  }

  removeCustom(kind: CustomKind, name: string): void {
    this.#known(kind, name);
    this.#custom.delete(customTrackName(kind, name));
  }

  #known(kind: CustomKind, name: string): InputAndState {
    const track = this.#custom.get(customTrackName(kind, name));
    if (track !== undefined) return track;
    throw new SluiceError('SLUICE_CALL_TRACK', `there is no custom track named ${name}`, {
      fix: `Call ${method('add', kind)} first`,
    });
  }

  #customInput(kind: CustomKind, track: TrackWithId): TrackInput {
    const id: unknown = track?.id;
    if (typeof id !== 'string')
      throw invalidArgument('track', kind === 'customAudio' ? 'a CustomAudioTrack' : 'a CustomVideoTrack', track);
    return kind === 'customAudio'
      ? { kind: 'audio', device: this.#devices.resolveCustomTrack(id) }
      : { kind: 'video', device: this.#devices.resolveCustomVideoTrack(id) };
  }

  #audioOf({ customTrack, deviceId }: AudioInputSettings): AudioInput | undefined {
    if (customTrack !== undefined) return this.#devices.resolveCustomTrack(customTrack.id);
    return deviceId === undefined ? undefined : this.#devices.resolveMicrophone(deviceId);
  }

  #videoOf({ customTrack, deviceId }: VideoInputSettings): VideoInput | undefined {
    if (customTrack !== undefined) return this.#devices.resolveCustomVideoTrack(customTrack.id);
    return deviceId === undefined ? undefined : this.#devices.resolveCamera(deviceId);
  }

  /** A device that is on without being named is the one made first; without any it is on and sends nothing. */
  #microphone(settings: AudioInputSettings, isEnabled: boolean): TrackInput | undefined {
    const chosen = this.#audioOf(settings);
    const first = chosen === undefined && isEnabled ? this.#devices.microphones[0] : undefined;
    return audio(first === undefined ? chosen : this.#devices.resolveMicrophone(first.name));
  }

  #camera(settings: VideoInputSettings, isEnabled: boolean): TrackInput | undefined {
    const chosen = this.#videoOf(settings);
    const first = chosen === undefined && isEnabled ? this.#devices.cameras[0] : undefined;
    return video(first === undefined ? chosen : this.#devices.resolveCamera(first.name));
  }
}

function audio(device: AudioInput | undefined): TrackInput | undefined {
  return device && { kind: 'audio', device };
}

function video(device: VideoInput | undefined): TrackInput | undefined {
  return device && { kind: 'video', device };
}

function method(verb: 'add' | 'update', kind: CustomKind): string {
  return `${verb}Custom${kind === 'customAudio' ? 'Audio' : 'Video'}Track`;
}

import { isSluiceError, SluiceError } from '@sluice/core';
import type { AudioInput, AudioUse } from '../devices/audio-input.ts';
import type { LocalTrack, RoomSession } from '../room/driver.ts';
import type { CallDevices } from './call-devices.ts';
import type { AudioInputSettings, InputSettings } from './inputs.ts';
import { encoderSettings, type PublishingSettings, type TrackPublishing } from './publishing.ts';
import { customTrackName } from './track-name.ts';

/** Something that can be added under a name: a `CustomAudioTrack`. */
export interface TrackWithId {
  readonly id: string;
}

interface CustomTrack {
  readonly input: AudioInput;
  readonly ignoreLevel: boolean;
}

/** What this client offers to a room, worked out from inputs, custom tracks and publishing. */
export class LocalTracks {
  readonly #devices: CallDevices;
  readonly #custom = new Map<string, CustomTrack>();
  /** The devices that are sent right now, by track name. */
  readonly #uses = new Map<string, { readonly input: AudioInput; readonly use: AudioUse }>();
  #inputs = new Map<string, AudioInput>();
  #enabled = new Set<string>();
  #publishing: PublishingSettings;
  #offered: ReadonlyMap<string, LocalTrack> = new Map();
  #session: RoomSession | undefined;

  constructor(devices: CallDevices, publishing: PublishingSettings) {
    this.#devices = devices;
    this.#publishing = publishing;
  }

  /** What is offered right now, by track name. */
  get offered(): ReadonlyMap<string, LocalTrack> {
    return this.#offered;
  }

  /** Clock time in milliseconds at which somebody was last sent media that can be heard; -Infinity before the first. */
  get lastHeardAt(): number {
    const heard = [...this.#uses].filter(([name]) => this.#session?.trackListeners(name) === 'heard');
    return Math.max(Number.NEGATIVE_INFINITY, ...heard.map(([, { input }]) => input.lastPlayedAt));
  }

  /** From now on changes go to this session, which knows of `offered`. */
  attach(session: RoomSession, offered: ReadonlyMap<string, LocalTrack>): void {
    this.#session = session;
    this.#tell(session, offered);
  }

  detach(): void {
    this.#session = undefined;
    for (const { use } of this.#uses.values()) use.close();
    this.#uses.clear();
  }

  /** Takes the devices' sources anew: the media engine died and was started again. */
  refresh(): void {
    this.#apply();
  }

  /** Tells the devices who hears them. */
  updateListeners(): void {
    for (const [name, { use }] of this.#uses) use.set(this.#session?.trackListeners(name) ?? 'alone');
  }

  /** Changes nothing if a device is unknown, which it throws. */
  setInputs(inputs: InputSettings): void {
    const found = new Map<string, AudioInput>();
    const enabled = new Set<string>();
    for (const name of ['microphone', 'screenAudio'] as const) {
      const { isEnabled, settings } = inputs[name];
      const input =
        this.#inputOf(settings) ?? (isEnabled && name === 'microphone' ? this.#firstMicrophone() : undefined);
      if (input !== undefined) found.set(name, input);
      if (isEnabled) enabled.add(name);
    }
    this.#inputs = found;
    this.#enabled = enabled;
    this.#apply();
  }

  setPublishing(publishing: PublishingSettings): void {
    this.#publishing = publishing;
    this.#apply();
  }

  addCustom(name: string, track: TrackWithId, ignoreLevel: boolean): void {
    const key = customTrackName(name);
    if (this.#custom.has(key))
      throw new SluiceError('SLUICE_CALL_TRACK', `there is a custom track named ${name} already`, {
        fix: 'Call updateCustomAudioTrack to swap it',
      });
    this.#custom.set(key, { input: this.#devices.resolveCustomTrack(track.id), ignoreLevel });
    this.#apply();
  }

  updateCustom(name: string, track: TrackWithId, ignoreLevel: boolean | undefined): void {
    const key = customTrackName(name);
    const current = this.#known(key, name);
    const input = this.#devices.resolveCustomTrack(track.id);
    this.#custom.set(key, { input, ignoreLevel: ignoreLevel ?? current.ignoreLevel });
    this.#apply();
  }

  removeCustom(name: string): void {
    const key = customTrackName(name);
    this.#known(key, name);
    this.#custom.delete(key);
    this.#apply();
  }

  #known(key: string, name: string): CustomTrack {
    const track = this.#custom.get(key);
    if (track !== undefined) return track;
    throw new SluiceError('SLUICE_CALL_TRACK', `there is no custom track named ${name}`, {
      fix: 'Call addCustomAudioTrack first',
    });
  }

  #inputOf({ customTrack, deviceId }: AudioInputSettings): AudioInput | undefined {
    if (customTrack !== undefined) return this.#devices.resolveCustomTrack(customTrack.id);
    return deviceId === undefined ? undefined : this.#devices.resolveMicrophone(deviceId);
  }

  /** A microphone that is on without a device is the one made first; without any it is on and sends nothing. */
  #firstMicrophone(): AudioInput | undefined {
    const first = this.#devices.microphones[0];
    return first === undefined ? undefined : this.#devices.resolveMicrophone(first.name);
  }

  #apply(): void {
    const before = this.#offered;
    const after = new Map<string, LocalTrack>();
    const add = (
      name: string,
      input: AudioInput,
      enabled: boolean,
      ignoreLevel: boolean,
      publishing?: TrackPublishing,
    ) => {
      if (publishing?.isPublishing === false) return;
      const source = enabled ? sourceOf(input) : null;
      const settings = encoderSettings(publishing?.sendSettings);
      after.set(name, { source, continuous: input.continuous, ignoreLevel, settings });
    };
    for (const [name, input] of this.#inputs) {
      const publishing = name === 'microphone' ? this.#publishing.microphone : this.#publishing.screenAudio;
      add(name, input, this.#enabled.has(name), false, publishing);
    }
    for (const [name, { input, ignoreLevel }] of this.#custom)
      add(name, input, true, ignoreLevel, this.#publishing.customAudio[name.slice('customAudio.'.length)]);
    this.#offered = after;
    if (this.#session === undefined) return;
    this.#tell(this.#session, before);
  }

  #tell(session: RoomSession, before: ReadonlyMap<string, LocalTrack>): void {
    for (const name of before.keys()) if (!this.#offered.has(name)) session.unpublish(name);
    for (const [name, track] of this.#offered) if (!sameTrack(before.get(name), track)) session.publish(name, track);
    this.#use();
  }

  #use(): void {
    const sent = new Map([...this.#offered].filter(([, { source }]) => source !== null));
    for (const [name, { input, use }] of this.#uses) {
      if (sent.has(name) && input === this.#inputNamed(name)) continue;
      use.close();
      this.#uses.delete(name);
    }
    for (const name of sent.keys()) {
      const input = this.#inputNamed(name);
      if (input !== undefined && !this.#uses.has(name))
        this.#uses.set(name, { input, use: input.use(() => this.#apply()) });
    }
    this.updateListeners();
  }

  #inputNamed(name: string): AudioInput | undefined {
    return this.#inputs.get(name) ?? this.#custom.get(name)?.input;
  }
}

/** A device that was destroyed sends nothing. */
function sourceOf(input: AudioInput): LocalTrack['source'] {
  try {
    return input.source;
  } catch (error) {
    if (isSluiceError(error)) return null;
    throw error;
  }
}

function sameTrack(a: LocalTrack | undefined, b: LocalTrack): boolean {
  return (
    a !== undefined &&
    a.source === b.source &&
    a.continuous === b.continuous &&
    a.ignoreLevel === b.ignoreLevel &&
    a.settings?.bitrate === b.settings?.bitrate &&
    a.settings?.channelConfig === b.settings?.channelConfig
  );
}

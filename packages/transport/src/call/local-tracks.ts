import { type Cancel, SluiceError } from '@sluice/core';
import type { LocalTrack, RoomSession } from '../room/driver.ts';
import type { AudioFeed, CallDevices } from './call-devices.ts';
import type { AudioInput, InputSettings } from './inputs.ts';
import { encoderSettings, type PublishingSettings, type TrackPublishing } from './publishing.ts';
import { customTrackName } from './track-name.ts';

/** Something that can be added under a name: a `CustomAudioTrack`. */
export interface TrackWithId {
  readonly id: string;
}

interface CustomTrack {
  readonly feed: AudioFeed;
  readonly ignoreLevel: boolean;
}

/** What this client offers to a room, worked out from inputs, custom tracks and publishing. */
export class LocalTracks {
  readonly #devices: CallDevices;
  readonly #custom = new Map<string, CustomTrack>();
  readonly #watched = new Map<AudioFeed, Cancel>();
  #inputs = new Map<string, AudioFeed>();
  #enabled = new Set<string>();
  #publishing: PublishingSettings;
  #offered: ReadonlyMap<string, LocalTrack> = new Map();
  #session: RoomSession | undefined;

  constructor(devices: CallDevices, inputs: InputSettings, publishing: PublishingSettings) {
    this.#devices = devices;
    this.#publishing = publishing;
    this.setInputs(inputs);
  }

  /** What is offered right now, by track name. */
  get offered(): ReadonlyMap<string, LocalTrack> {
    return this.#offered;
  }

  /** From now on changes go to this session, or to none. */
  attach(session: RoomSession | undefined): void {
    this.#session = session;
  }

  /** Changes nothing if a device is unknown, which it throws. */
  setInputs(inputs: InputSettings): void {
    const feeds = new Map<string, AudioFeed>();
    const enabled = new Set<string>();
    for (const [name, input] of [
      ['microphone', inputs.microphone],
      ['screenAudio', inputs.screenAudio],
    ] as const) {
      const feed = this.#feedOf(name, input);
      if (feed !== undefined) feeds.set(name, feed);
      if (input.isEnabled) enabled.add(name);
    }
    this.#inputs = feeds;
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
    this.#custom.set(key, { feed: this.#devices.customTrack(track.id), ignoreLevel });
    this.#apply();
  }

  updateCustom(name: string, track: TrackWithId, ignoreLevel: boolean | undefined): void {
    const key = customTrackName(name);
    const current = this.#known(key, name);
    this.#custom.set(key, {
      feed: this.#devices.customTrack(track.id),
      ignoreLevel: ignoreLevel ?? current.ignoreLevel,
    });
    this.#apply();
  }

  removeCustom(name: string): void {
    const key = customTrackName(name);
    this.#known(key, name);
    this.#custom.delete(key);
    this.#apply();
  }

  close(): void {
    this.#session = undefined;
    for (const cancel of this.#watched.values()) cancel();
    this.#watched.clear();
  }

  #known(key: string, name: string): CustomTrack {
    const track = this.#custom.get(key);
    if (track !== undefined) return track;
    throw new SluiceError('SLUICE_CALL_TRACK', `there is no custom track named ${name}`, {
      fix: 'Call addCustomAudioTrack first',
    });
  }

  #feedOf(name: string, { isEnabled, settings }: AudioInput): AudioFeed | undefined {
    if (settings.customTrack !== undefined) return this.#devices.customTrack(settings.customTrack.id);
    if (settings.deviceId !== undefined) return this.#devices.microphone(settings.deviceId);
    return isEnabled && name === 'microphone' ? this.#devices.microphone(undefined) : undefined;
  }

  #apply(): void {
    const before = this.#offered;
    const after = new Map<string, LocalTrack>();
    for (const [name, feed] of this.#inputs) {
      const publishing = name === 'microphone' ? this.#publishing.microphone : this.#publishing.screenAudio;
      if (publishing.isPublishing) after.set(name, offer(feed, this.#enabled.has(name), false, publishing));
    }
    for (const [name, { feed, ignoreLevel }] of this.#custom) {
      const publishing = this.#publishing.customAudio[name.slice('customAudio.'.length)];
      if (publishing?.isPublishing !== false) after.set(name, offer(feed, true, ignoreLevel, publishing));
    }
    this.#offered = after;
    this.#watch();
    if (this.#session === undefined) return;
    for (const name of before.keys()) if (!after.has(name)) this.#session.unpublish(name);
    for (const [name, track] of after) if (!sameTrack(before.get(name), track)) this.#session.publish(name, track);
  }

  /** A feed gets another source when the media engine was started again. */
  #watch(): void {
    const used = new Set([...this.#inputs.values(), ...[...this.#custom.values()].map(({ feed }) => feed)]);
    for (const [feed, cancel] of this.#watched) {
      if (used.has(feed)) continue;
      cancel();
      this.#watched.delete(feed);
    }
    for (const feed of used)
      if (!this.#watched.has(feed))
        this.#watched.set(
          feed,
          feed.onSource(() => this.#apply()),
        );
  }
}

function offer(
  feed: AudioFeed,
  enabled: boolean,
  ignoreLevel: boolean,
  publishing: TrackPublishing | undefined,
): LocalTrack {
  const settings = encoderSettings(publishing?.sendSettings);
  return { source: enabled ? feed.source : null, continuous: feed.continuous, ignoreLevel, settings };
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

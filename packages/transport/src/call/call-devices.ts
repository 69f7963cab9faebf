import type { Cancel } from '@sluice/core';
import type { HostAudioSource, MediaHost } from '../host/media-host.ts';

/** A queue of samples that a call can send: a virtual microphone or a custom track. */
export interface AudioFeed {
  /** Another one after the media engine died and was started again; see `onSource`. */
  readonly source: HostAudioSource;
  /** Silence is sent while nothing is queued, so packets flow all the time. */
  readonly continuous: boolean;
  onSource(listener: () => void): Cancel;
}

/** What a call needs of the virtual devices of the process. */
export interface CallDevices {
  readonly media: MediaHost;
  /** @throws `SLUICE_DEVICE_UNKNOWN`. Without an id: the only microphone, or the one made first. */
  microphone(deviceId: string | undefined): AudioFeed;
  /** @throws `SLUICE_DEVICE_UNKNOWN`. */
  customTrack(id: string): AudioFeed;
  /** Opens the way of one call's received audio to the selected speaker. */
  openSpeaker(): SpeakerFeed;
}

/** Mixes tracks into a virtual speaker. */
export interface SpeakerFeed {
  /** 10 ms of a track. Does not keep the array. */
  play(track: string, samples: Int16Array, sampleRate: number, channels: number): void;
  /** The track is gone. */
  end(track: string): void;
  close(): void;
}

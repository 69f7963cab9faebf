import { isSluiceError } from '@sluice/core';
import { videoQualities } from '@sluice/protocol';
import type { AudioInput } from '../../devices/audio/audio-input.ts';
import type { VideoInput } from '../../devices/video/video-input.ts';
import type { LocalTrack, LocalVideoTrack } from '../../room/driver.ts';
import { ownEntry } from '../own-entry.ts';
import { customTrackParts } from '../track-name.ts';
import { encoderSettings, type PublishingSettings } from './publishing.ts';
import { videoLayers } from './video-send-options.ts';

/** What stands behind a track of ours: a device or a custom source. */
export type TrackInput =
  | { readonly kind: 'audio'; readonly device: AudioInput }
  | { readonly kind: 'video'; readonly device: VideoInput };

export interface OfferedState {
  readonly enabled: boolean;
  readonly ignoreLevel: boolean;
  /** The most pictures per second of a video input. */
  readonly frameRate?: number | undefined;
}

/** What a room is offered of an input; undefined if it is not published. */
export function offeredTrack(
  name: string,
  input: TrackInput,
  { enabled, ignoreLevel, frameRate }: OfferedState,
  publishing: PublishingSettings,
): LocalTrack | undefined {
  if (input.kind === 'audio') {
    const { isPublishing, sendSettings } = audioPublishing(name, publishing);
    if (!isPublishing) return undefined;
    const { device } = input;
    const source = enabled ? sourceOf(device) : null;
    return {
      kind: 'audio',
      source,
      continuous: device.continuous,
      ignoreLevel,
      settings: encoderSettings(sendSettings),
    };
  }
  const { isPublishing, sendSettings } = videoPublishing(name, publishing);
  if (!isPublishing) return undefined;
  const source = enabled ? sourceOf(input.device) : null;
  const layers = videoLayers(sendSettings, { screen: name === 'screenVideo', frameRate });
  // Nothing is sent while nothing is written, so the absence of packets says nothing about the path.
  const adaptive = sendSettings?.allowAdaptiveLayers === true;
  return { kind: 'video', source, continuous: false, ignoreLevel, layers, adaptive };
}

export function sameTrack(a: LocalTrack | undefined, b: LocalTrack): boolean {
  if (a === undefined || a.source !== b.source || a.continuous !== b.continuous || a.ignoreLevel !== b.ignoreLevel)
    return false;
  if (a.kind === 'video') return b.kind === 'video' && a.adaptive === b.adaptive && sameLayers(a.layers, b.layers);
  return (
    b.kind === 'audio' &&
    a.settings?.bitrate === b.settings?.bitrate &&
    a.settings?.channelConfig === b.settings?.channelConfig &&
    a.settings?.redundancy === b.settings?.redundancy
  );
}

function sameLayers(a: LocalVideoTrack['layers'], b: LocalVideoTrack['layers']): boolean {
  return videoQualities.every(
    (quality) =>
      a[quality].maxBitrate === b[quality].maxBitrate &&
      a[quality].maxFramerate === b[quality].maxFramerate &&
      a[quality].scaleResolutionDownBy === b[quality].scaleResolutionDownBy &&
      a[quality].codec === b[quality].codec,
  );
}

function audioPublishing(name: string, publishing: PublishingSettings): PublishingSettings['microphone'] {
  const custom = customTrackParts(name);
  if (custom !== undefined) return ownEntry(publishing.customAudio, custom.name) ?? { isPublishing: true };
  return name === 'microphone' ? publishing.microphone : publishing.screenAudio;
}

function videoPublishing(name: string, publishing: PublishingSettings): PublishingSettings['camera'] {
  const custom = customTrackParts(name);
  if (custom !== undefined) return ownEntry(publishing.customVideo, custom.name) ?? { isPublishing: true };
  return name === 'camera' ? publishing.camera : publishing.screenVideo;
}

/** A device that was destroyed sends nothing. */
function sourceOf<S>(device: { readonly source: S }): S | null {
  try {
    return device.source;
  } catch (error) {
    if (isSluiceError(error)) return null;
    throw error;
  }
}

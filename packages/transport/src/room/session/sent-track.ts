import type { AudioSendSettings, HostAudioSource, HostVideoSource, VideoSendSettings } from '../../host/media-host.ts';

/** What one connection sends under a name. `staged`: negotiated, and nothing sent until it is so no more. */
export type SentTrack = { readonly staged?: boolean } & (
  | {
      readonly kind: 'audio';
      readonly source: HostAudioSource | null;
      readonly settings?: AudioSendSettings | undefined;
    }
  | {
      readonly kind: 'video';
      readonly source: HostVideoSource | null;
      readonly settings: VideoSendSettings;
    }
);

/** What of a track is sent now. */
export function silent(track: SentTrack): SentTrack {
  return track.staged === true ? { ...track, source: null } : track;
}

export function sameAudio(a: AudioSendSettings = {}, b: AudioSendSettings = {}): boolean {
  const same = a.channelConfig === b.channelConfig && a.bitrate === b.bitrate;
  return same && (a.redundancy ?? false) === (b.redundancy ?? false);
}

export function sameVideo(a: VideoSendSettings, b: VideoSendSettings): boolean {
  return (
    a.maxBitrate === b.maxBitrate &&
    a.maxFramerate === b.maxFramerate &&
    a.scaleResolutionDownBy === b.scaleResolutionDownBy &&
    a.codec === b.codec &&
    sameLayers(a.layers, b.layers)
  );
}

/** What is sent at once is fixed with the first offer. */
export function sameLayers(a: VideoSendSettings['layers'] = [], b: VideoSendSettings['layers'] = []): boolean {
  return (
    a.length === b.length &&
    a.every(
      ({ scaleResolutionDownBy, maxBitrate }, index) =>
        scaleResolutionDownBy === b[index]!.scaleResolutionDownBy && maxBitrate === b[index]!.maxBitrate,
    )
  );
}

import { type VideoQuality, videoQualities } from '@sluice/protocol';
import type { VideoLayer, VideoSendSettings } from '../../../host/media-host.ts';
import type { LocalVideoTrack } from '../../driver.ts';

/** With what a track is sent to a server: in its best quality, or in all that differ, where it shall adapt. */
export function layeredSettings({ layers, adaptive }: LocalVideoTrack): VideoSendSettings {
  const { high } = layers;
  const { codec, maxFramerate } = high;
  // The engine has no other codec of which a server could take one encoding without the others.
  if (adaptive !== true || (codec !== undefined && codec !== 'VP8')) return high;
  const best = [...videoQualities].reverse().map((quality) => layerOf(layers[quality]));
  const told = best.filter((layer, index) => index === 0 || !same(layer, best[index - 1]!));
  if (told.length === 1) return high;
  return { codec: 'VP8', ...(maxFramerate !== undefined && { maxFramerate }), layers: told };
}

/** Which encoding of a track is asked of a server for a quality, the lowest 0: with fewer encodings it takes the best it has. */
export function substreamOf(quality: VideoQuality): number {
  return videoQualities.indexOf(quality);
}

function layerOf({ scaleResolutionDownBy, maxBitrate }: VideoSendSettings): VideoLayer {
  return {
    ...(scaleResolutionDownBy !== undefined && { scaleResolutionDownBy }),
    ...(maxBitrate !== undefined && { maxBitrate }),
  };
}

function same(a: VideoLayer, b: VideoLayer): boolean {
  return a.scaleResolutionDownBy === b.scaleResolutionDownBy && a.maxBitrate === b.maxBitrate;
}

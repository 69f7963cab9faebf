import { invalidArgument, SluiceError } from '@sluice/core';
import { lowerQuality, type VideoQuality, videoQualities } from '@sluice/protocol';
import * as v from 'valibot';
import { type VideoCodec, type VideoSendSettings, videoCodecs } from '../../host/media-host.ts';
import type { VideoLayers } from '../../room/driver.ts';

export const callCodecs = [...videoCodecs, 'H264', 'H265'] as const;

/** What one quality of a video track is sent with. */
export interface VideoEncoding {
  /** Bits per second, 10,000 to 100,000,000. */
  readonly maxBitrate?: number;
  /** Pictures per second, 1 to 120. */
  readonly maxFramerate?: number;
  /** 1 to 64: 2 sends half the width and height. */
  readonly scaleResolutionDownBy?: number;
}

/** What the qualities mean. */
export type VideoEncodings = { readonly [Q in VideoQuality]?: VideoEncoding };

/** How a video track is sent, as an update says it: encodings also as a list of pairs. */
export type VideoSendOptionsUpdate = Omit<VideoSendOptions, 'encodings'> & {
  /** By quality, or as pairs of a quality and its encoding. */
  readonly encodings?: VideoEncodings | readonly (readonly [VideoQuality, VideoEncoding])[];
};

/** How a video track is sent. */
export interface VideoSendOptions {
  /** The best quality that any receiver gets. Default: `high`. */
  readonly maxQuality?: VideoQuality;
  /** `VP8`, `VP9` or `AV1`, if the receiver has it too. Default: what both have first. */
  readonly preferredCodec?: (typeof callCodecs)[number];
  /**
   * What the qualities mean; what is not named keeps its default. A camera or custom track: `low` is a quarter of width
   * and height at 15 pictures and 150 kbit/s, `medium` half of them at 500 kbit/s, `high` everything. A screen, which is
   * there to be read: `low` is half of width and height at 5 pictures and 250 kbit/s, `medium` everything at 15
   * pictures and 1 Mbit/s.
   */
  readonly encodings?: VideoEncodings;
  /**
   * In rooms of a Janus server: whether all qualities are sent at once, in VP8, from which the server takes the one that each
   * receiver asks for. In other rooms each receiver has an encoder of its own, which always adapts to the path. Default: false.
   */
  readonly allowAdaptiveLayers?: boolean;
}

const encoding = v.strictObject({
  maxBitrate: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(10_000), v.maxValue(100_000_000))),
  maxFramerate: v.exactOptional(v.pipe(v.number(), v.minValue(1), v.maxValue(120))),
  scaleResolutionDownBy: v.exactOptional(v.pipe(v.number(), v.minValue(1), v.maxValue(64))),
});

/** Encodings of the Daily SDK that need a codec which this engine lacks. */
const ADAPTIVE_HEVC = 'adaptiveHEVC';

export const videoSendOptions = v.strictObject({
  maxQuality: v.exactOptional(v.picklist(videoQualities)),
  preferredCodec: v.exactOptional(v.picklist(callCodecs)),
  encodings: v.exactOptional(
    v.union([
      v.strictObject({
        low: v.exactOptional(encoding),
        medium: v.exactOptional(encoding),
        high: v.exactOptional(encoding),
      }),
      v.pipe(
        v.array(v.strictTuple([v.picklist(videoQualities), encoding])),
        v.transform((pairs) => encodingsOf(pairs)),
      ),
      v.pipe(
        v.literal(ADAPTIVE_HEVC),
        v.transform((): VideoEncodings => {
          throw noCodec(ADAPTIVE_HEVC, 'Give the encodings of low, medium and high, or none');
        }),
      ),
    ]),
  ),
  allowAdaptiveLayers: v.exactOptional(v.boolean()),
});

const cameraEncodings = {
  low: { scaleResolutionDownBy: 4, maxBitrate: 150_000, maxFramerate: 15 },
  medium: { scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  high: {},
} as const satisfies Record<VideoQuality, VideoEncoding>;
const screenEncodings = {
  low: { scaleResolutionDownBy: 2, maxBitrate: 250_000, maxFramerate: 5 },
  medium: { maxBitrate: 1_000_000, maxFramerate: 15 },
  high: {},
} as const satisfies Record<VideoQuality, VideoEncoding>;

/** What each quality that a receiver may ask for is sent with: never better than the publisher's best. */
export function videoLayers(
  options: VideoSendOptions = {},
  { screen = false, frameRate }: { readonly screen?: boolean; readonly frameRate?: number | undefined } = {},
): VideoLayers {
  const { maxQuality = 'high', preferredCodec, encodings = {} } = options;
  const defaults: Record<VideoQuality, VideoEncoding> = screen ? screenEncodings : cameraEncodings;
  const layer = (asked: VideoQuality): VideoSendSettings => {
    const quality = lowerQuality(asked, maxQuality);
    const chosen = { ...defaults[quality], ...encodings[quality] };
    const maxFramerate = Math.min(
      chosen.maxFramerate ?? Number.POSITIVE_INFINITY,
      frameRate ?? Number.POSITIVE_INFINITY,
    );
    return {
      ...chosen,
      ...(Number.isFinite(maxFramerate) && { maxFramerate }),
      ...(isEngineCodec(preferredCodec) && { codec: preferredCodec }),
    };
  };
  return { low: layer('low'), medium: layer('medium'), high: layer('high') };
}

/** Throws `SLUICE_CALL_CODEC` for a codec of calls that this engine does not have. */
export function checkCodec(codec: VideoSendOptions['preferredCodec']): void {
  if (codec === undefined || isEngineCodec(codec)) return;
  throw noCodec(codec, 'Choose another preferredCodec, or none');
}

function noCodec(codec: string, fix: string): SluiceError {
  return new SluiceError('SLUICE_CALL_CODEC', `this engine cannot encode ${codec}`, {
    expected: `one of ${videoCodecs.join(', ')}`,
    received: codec,
    fix,
  });
}

function encodingsOf(pairs: readonly (readonly [VideoQuality, VideoEncoding])[]): VideoEncodings {
  const encodings: VideoEncodings = Object.fromEntries(pairs);
  if (Object.keys(encodings).length < pairs.length)
    throw invalidArgument('sendSettings.encodings', 'each quality at most once', pairs);
  return encodings;
}

function isEngineCodec(codec: VideoSendOptions['preferredCodec']): codec is VideoCodec {
  return (videoCodecs as readonly unknown[]).includes(codec);
}

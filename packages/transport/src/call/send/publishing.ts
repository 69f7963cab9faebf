import * as v from 'valibot';
import type { AudioSendSettings } from '../../host/media-host.ts';
import { checkSettings } from '../check-settings.ts';
import { ownEntry } from '../own-entry.ts';
import {
  checkCodec,
  type VideoSendOptions,
  type VideoSendOptionsUpdate,
  videoSendOptions,
} from './video-send-options.ts';

/**
 * How a track of sound is sent, in Opus at 48 kHz in packets of 20 ms. `speech`: mono at 32 kbit/s. `music`: stereo at 128
 * kbit/s. Or channels and `bitrate` in bits per second, 6,000 to 510,000; what is not named is as the source has its channels,
 * at 32 kbit/s mono and 64 kbit/s stereo. `redundancy` sends each packet with the one before it, for twice the bit rate, to
 * programs and pages that have RED: a single packet that is lost is not heard then. The bit rate is an average that full sound keeps within a few percent, payload
 * only; silence takes less, and noise below 24 kbit/s up to a third less. Error correction inside the packets (FEC) is always
 * on, stopping in silence (DTX) always off: receivers tell a pause from a loss by the packets. The engine has no switch
 * for other modes.
 */
export type AudioSendOptions = 'speech' | 'music' | AudioSendSettings;

/** Whether a track of sound is sent, and how. */
export interface TrackPublishing {
  /** Whether anybody gets it. */
  readonly isPublishing: boolean;
  /** Bit rate and channels. Default: as the source has its channels, at 32 kbit/s mono and 64 kbit/s stereo. */
  readonly sendSettings?: AudioSendOptions;
}

/** Whether a track of pictures is sent, and how. */
export interface VideoPublishing {
  /** Whether anybody gets it. */
  readonly isPublishing: boolean;
  /** Codec, bit rate, size, rate and layers. Default: what the engine does by itself. */
  readonly sendSettings?: VideoSendOptions;
}

/** What of the inputs and custom tracks is sent, and how. */
export interface PublishingSettings {
  /** The input `camera`. */
  readonly camera: VideoPublishing;
  /** The input `microphone`. */
  readonly microphone: TrackPublishing;
  /** The input `screenVideo`. */
  readonly screenVideo: VideoPublishing;
  /** The input `screenAudio`. */
  readonly screenAudio: TrackPublishing;
  /** By track name. A custom track that is not named here is sent. */
  readonly customAudio: Readonly<Record<string, TrackPublishing>>;
  /** By track name. A custom track that is not named here is sent. */
  readonly customVideo: Readonly<Record<string, VideoPublishing>>;
}

/** How a track of sound is sent; a boolean is short for `isPublishing`. */
export type TrackPublishingUpdate =
  | boolean
  | {
      /** Whether anybody gets it. Default: as it was. */
      readonly isPublishing?: boolean;
      /** How it is sent. Default: as it was. */
      readonly sendSettings?: AudioSendOptions;
    };
/** How a track of pictures is sent; a boolean is short for `isPublishing`. */
export type VideoPublishingUpdate =
  | boolean
  | {
      /** Whether anybody gets it. Default: as it was. */
      readonly isPublishing?: boolean;
      /** How it is sent. Default: as it was. */
      readonly sendSettings?: VideoSendOptionsUpdate;
    };

/** Only what is named changes; a boolean is short for `isPublishing`. */
export interface PublishingSettingsUpdate {
  /** The input `camera`. */
  readonly camera?: VideoPublishingUpdate;
  /** The input `microphone`. */
  readonly microphone?: TrackPublishingUpdate;
  /** The input `screenVideo`. */
  readonly screenVideo?: VideoPublishingUpdate;
  /** The input `screenAudio`. */
  readonly screenAudio?: TrackPublishingUpdate;
  /** By track name; what is not named stays as it is. */
  readonly customAudio?: Readonly<Record<string, TrackPublishingUpdate>>;
  /** By track name; what is not named stays as it is. */
  readonly customVideo?: Readonly<Record<string, VideoPublishingUpdate>>;
}

const on = { isPublishing: true } as const;
export const initialPublishing: PublishingSettings = {
  camera: on,
  microphone: on,
  screenVideo: on,
  screenAudio: on,
  customAudio: {},
  customVideo: {},
};

const audioSendOptions = v.union([
  v.picklist(['speech', 'music']),
  v.strictObject({
    channelConfig: v.exactOptional(v.picklist(['mono', 'stereo'])),
    bitrate: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(6_000), v.maxValue(510_000))),
    redundancy: v.exactOptional(v.boolean()),
  }),
]);
const track = <T extends v.GenericSchema>(sendSettings: T) =>
  v.union([
    v.boolean(),
    v.strictObject({ isPublishing: v.exactOptional(v.boolean()), sendSettings: v.exactOptional(sendSettings) }),
  ]);
const audio = track(audioSendOptions);
const video = track(videoSendOptions);
const update = v.strictObject({
  camera: v.exactOptional(video),
  microphone: v.exactOptional(audio),
  screenVideo: v.exactOptional(video),
  screenAudio: v.exactOptional(audio),
  customAudio: v.exactOptional(v.record(v.string(), audio)),
  customVideo: v.exactOptional(v.record(v.string(), video)),
});

/**
 * The publishing settings after an update.
 *
 * @throws TypeError for a wrong shape, `SLUICE_CALL_CODEC` for a codec that the engine lacks.
 */
export function updatedPublishing(
  current: PublishingSettings,
  change: PublishingSettingsUpdate,
  name = 'publishing',
): PublishingSettings {
  const { camera, microphone, screenVideo, screenAudio, customAudio, customVideo } = checkSettings(
    update,
    name,
    change,
  );
  const after: PublishingSettings = {
    camera: merge(current.camera, camera),
    microphone: merge(current.microphone, microphone),
    screenVideo: merge(current.screenVideo, screenVideo),
    screenAudio: merge(current.screenAudio, screenAudio),
    customAudio: mergeNamed(current.customAudio, customAudio),
    customVideo: mergeNamed(current.customVideo, customVideo),
  };
  for (const { sendSettings } of [after.camera, after.screenVideo, ...Object.values(after.customVideo)])
    checkCodec(sendSettings?.preferredCodec);
  return after;
}

interface Publishing<S> {
  readonly isPublishing: boolean;
  readonly sendSettings?: S;
}

function merge<S>(current: Publishing<S> = on, change?: boolean | Partial<Publishing<S>>): Publishing<S> {
  if (change === undefined) return current;
  return typeof change === 'boolean' ? { ...current, isPublishing: change } : { ...current, ...change };
}

function mergeNamed<S>(
  current: Readonly<Record<string, Publishing<S>>>,
  change: Readonly<Record<string, boolean | Partial<Publishing<S>>>> = {},
): Readonly<Record<string, Publishing<S>>> {
  const merged = Object.entries(change).map(([name, value]) => [name, merge(ownEntry(current, name), value)] as const);
  return { ...current, ...Object.fromEntries(merged) };
}

/** The encoder settings that a choice stands for; undefined leaves them to the engine. */
export function encoderSettings(options: AudioSendOptions | undefined): AudioSendSettings | undefined {
  if (options === 'speech') return { channelConfig: 'mono', bitrate: 32_000 };
  if (options === 'music') return { channelConfig: 'stereo', bitrate: 128_000 };
  return options;
}

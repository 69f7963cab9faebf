import * as v from 'valibot';
import type { AudioSendSettings } from '../host/media-host.ts';
import { checkSettings } from './check-settings.ts';

/** `speech`: mono at 32 kbit/s. `music`: stereo at 128 kbit/s. `bitrate` is in bits per second. */
export type AudioSendOptions = 'speech' | 'music' | AudioSendSettings;

export interface TrackPublishing {
  readonly isPublishing: boolean;
  readonly sendSettings?: AudioSendOptions;
}

/** What of the inputs and custom tracks is sent, and how. */
export interface PublishingSettings {
  readonly microphone: TrackPublishing;
  readonly screenAudio: TrackPublishing;
  /** By track name. A custom track that is not named here is sent. */
  readonly customAudio: Readonly<Record<string, TrackPublishing>>;
}

export type TrackPublishingUpdate =
  | boolean
  | { readonly isPublishing?: boolean; readonly sendSettings?: AudioSendOptions };

/** Only what is named changes; a boolean is short for `isPublishing`. Video entries are accepted and without effect. */
export interface PublishingSettingsUpdate {
  readonly microphone?: TrackPublishingUpdate;
  readonly screenAudio?: TrackPublishingUpdate;
  readonly customAudio?: Readonly<Record<string, TrackPublishingUpdate>>;
  readonly camera?: unknown;
  readonly screenVideo?: unknown;
  readonly customVideo?: unknown;
}

export const initialPublishing: PublishingSettings = {
  microphone: { isPublishing: true },
  screenAudio: { isPublishing: true },
  customAudio: {},
};

const sendSettings = v.union([
  v.picklist(['speech', 'music']),
  v.strictObject({
    channelConfig: v.exactOptional(v.picklist(['mono', 'stereo'])),
    bitrate: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(6_000), v.maxValue(510_000))),
  }),
]);
const track = v.union([
  v.boolean(),
  v.strictObject({ isPublishing: v.exactOptional(v.boolean()), sendSettings: v.exactOptional(sendSettings) }),
]);
const update = v.strictObject({
  microphone: v.exactOptional(track),
  screenAudio: v.exactOptional(track),
  customAudio: v.exactOptional(v.record(v.string(), track)),
  camera: v.optional(v.unknown()),
  screenVideo: v.optional(v.unknown()),
  customVideo: v.optional(v.unknown()),
});

/** The publishing settings after an update. */
export function updatedPublishing(
  current: PublishingSettings,
  change: PublishingSettingsUpdate,
  name = 'publishing',
): PublishingSettings {
  const checked = checkSettings(update, name, change);
  const customAudio = { ...current.customAudio };
  for (const [key, value] of Object.entries(checked.customAudio ?? {}))
    customAudio[key] = merge(customAudio[key], value);
  return {
    microphone: merge(current.microphone, checked.microphone),
    screenAudio: merge(current.screenAudio, checked.screenAudio),
    customAudio,
  };
}

function merge(current: TrackPublishing = { isPublishing: true }, change?: TrackPublishingUpdate): TrackPublishing {
  if (change === undefined) return current;
  return typeof change === 'boolean' ? { ...current, isPublishing: change } : { ...current, ...change };
}

/** The encoder settings that a choice stands for; undefined leaves them to the engine. */
export function encoderSettings(options: AudioSendOptions | undefined): AudioSendSettings | undefined {
  if (options === 'speech') return { channelConfig: 'mono', bitrate: 32_000 };
  if (options === 'music') return { channelConfig: 'stereo', bitrate: 128_000 };
  return options;
}

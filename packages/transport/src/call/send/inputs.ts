import * as v from 'valibot';
import { checkSettings } from '../check-settings.ts';
import { checkConstraints } from './custom-constraints.ts';

/** Where an audio input comes from: a virtual microphone by its name, or a custom track by its id. */
export interface AudioInputSettings {
  /**
   * Name of a virtual microphone, 1 to 256 characters. Without one, and without a custom track, nothing is captured.
   */
  readonly deviceId?: string;
  /** A custom audio track in its place, by its id. */
  readonly customTrack?: { readonly id: string };
  /**
   * MediaTrackConstraints of the web. Wishes are kept and given back: what is written is sent as it is, without echo
   * cancellation, noise suppression or gain control. A demand (`exact`, `min`, `max`) is refused, but for these to be off.
   */
  readonly customConstraints?: Readonly<Record<string, unknown>>;
}

export interface AudioInput {
  /** Whether it is captured. Switching it off sends nothing more, and keeps its settings. */
  readonly isEnabled: boolean;
  /** Where it comes from. */
  readonly settings: AudioInputSettings;
}

/** Where a video input comes from: a virtual camera by its name, or a custom video track by its id. */
export interface VideoInputSettings {
  /** Name of a virtual camera, 1 to 256 characters. Without one, and without a custom track, nothing is captured. */
  readonly deviceId?: string;
  /** A custom video track in its place, by its id. */
  readonly customTrack?: { readonly id: string };
  /** The most pictures per second that are sent, 1 to 120. Default: as many as are written. */
  readonly frameRate?: number;
  /** Kept and given back: what is written has its own size. Pixels. */
  readonly width?: number;
  /** Pixels, as `width`. */
  readonly height?: number;
  /** Kept and given back. */
  readonly facingMode?: FacingMode;
  /** MediaTrackConstraints of the web. Wishes are kept and given back, demands (`exact`, `min`, `max`) are refused. */
  readonly customConstraints?: Readonly<Record<string, unknown>>;
}

export const facingModes = ['user', 'environment', 'left', 'right'] as const;
export type FacingMode = (typeof facingModes)[number];

export interface VideoInput {
  /** Whether it is captured. Switching it off sends nothing more, and keeps its settings. */
  readonly isEnabled: boolean;
  /** Where it comes from. */
  readonly settings: VideoInputSettings;
}

/** What is captured. Whether it is sent is a matter of publishing. */
export interface InputSettings {
  /** Pictures of a person. */
  readonly camera: VideoInput;
  /** The voice. */
  readonly microphone: AudioInput;
  /** Pictures of what is shown: sharp rather than smooth. */
  readonly screenVideo: VideoInput;
  /** The sound of what is shown. */
  readonly screenAudio: AudioInput;
}

/** An input of sound that changes; a boolean is short for `isEnabled`. */
export type AudioInputUpdate =
  | boolean
  | {
      /** Whether it is captured. Default: as it was. */
      readonly isEnabled?: boolean;
      /** Where it comes from; what is left out stays as it was. */
      readonly settings?: AudioInputSettings;
    };
/** An input of pictures that changes; a boolean is short for `isEnabled`. */
export type VideoInputUpdate =
  | boolean
  | {
      /** Whether it is captured. Default: as it was. */
      readonly isEnabled?: boolean;
      /** Where it comes from; what is left out stays as it was. */
      readonly settings?: VideoInputSettings;
    };

/** Only what is named changes; a boolean is short for `isEnabled`. */
export interface InputSettingsUpdate {
  /** Pictures of a person. */
  readonly camera?: VideoInputUpdate;
  /** The voice. */
  readonly microphone?: AudioInputUpdate;
  /** Pictures of what is shown. */
  readonly screenVideo?: VideoInputUpdate;
  /** The sound of what is shown. */
  readonly screenAudio?: AudioInputUpdate;
}

const off = { isEnabled: false, settings: {} } as const;
/** Everything is off until it is turned on. */
export const initialInputs: InputSettings = { camera: off, microphone: off, screenVideo: off, screenAudio: off };

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
const where = {
  deviceId: v.exactOptional(name),
  customTrack: v.exactOptional(v.strictObject({ id: name })),
};
const constraints = { customConstraints: v.exactOptional(v.record(v.string(), v.unknown())) };
const pixels = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_384));

const input = <T extends v.ObjectEntries>(settings: T) =>
  v.union([
    v.boolean(),
    v.strictObject({
      isEnabled: v.exactOptional(v.boolean()),
      settings: v.exactOptional(v.strictObject(settings)),
    }),
  ]);
const audioInput = input({ ...where, ...constraints });
const camera = input({
  ...where,
  ...constraints,
  frameRate: v.exactOptional(v.pipe(v.number(), v.minValue(1), v.maxValue(120))),
  width: v.exactOptional(pixels),
  height: v.exactOptional(pixels),
  facingMode: v.exactOptional(v.picklist(facingModes)),
});
const update = v.strictObject({
  camera: v.exactOptional(camera),
  microphone: v.exactOptional(audioInput),
  screenVideo: v.exactOptional(input(where)),
  screenAudio: v.exactOptional(audioInput),
});

/**
 * The inputs after an update.
 *
 * @throws TypeError for a wrong shape, and for constraints that cannot be met.
 */
export function updatedInputs(current: InputSettings, change: InputSettingsUpdate, name = 'inputs'): InputSettings {
  const checked = checkSettings(update, name, change);
  for (const [input, entry] of Object.entries(checked)) {
    const constraints = typeof entry === 'object' ? settingsOf(entry)?.customConstraints : undefined;
    const kind = input === 'camera' || input === 'screenVideo' ? 'video' : 'audio';
    checkConstraints(kind, `${name}.${input}.settings.customConstraints`, constraints);
  }
  return {
    camera: mergeVideo(current.camera, checked.camera),
    microphone: mergeAudio(current.microphone, checked.microphone),
    screenVideo: mergeVideo(current.screenVideo, checked.screenVideo),
    screenAudio: mergeAudio(current.screenAudio, checked.screenAudio),
  };
}

function settingsOf({ settings }: { readonly settings?: AudioInputSettings }): AudioInputSettings | undefined {
  return settings;
}

function mergeAudio(current: AudioInput, change: AudioInputUpdate | undefined): AudioInput {
  if (change === undefined) return current;
  if (typeof change === 'boolean') return { ...current, isEnabled: change };
  // A device and a custom track exclude each other, so new settings replace the old ones.
  return { isEnabled: change.isEnabled ?? current.isEnabled, settings: change.settings ?? current.settings };
}

function mergeVideo(current: VideoInput, change: VideoInputUpdate | undefined): VideoInput {
  if (change === undefined) return current;
  if (typeof change === 'boolean') return { ...current, isEnabled: change };
  const { isEnabled = current.isEnabled, settings = {} } = change;
  const { deviceId, customTrack, ...kept } = current.settings;
  // A device and a custom track exclude each other; another frame rate keeps the camera.
  const moved = settings.deviceId !== undefined || settings.customTrack !== undefined;
  return { isEnabled, settings: { ...(moved ? kept : current.settings), ...settings } };
}

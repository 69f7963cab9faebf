import { SluiceError } from '@sluice/core';
import * as v from 'valibot';
import { checkSettings } from './check-settings.ts';

/** Where an audio input comes from: a virtual microphone by its name, or a custom track by its id. */
export interface AudioInputSettings {
  readonly deviceId?: string;
  readonly customTrack?: { readonly id: string };
  /** Kept and given back; virtual microphones are never processed. */
  readonly customConstraints?: Readonly<Record<string, unknown>>;
}

export interface AudioInput {
  readonly isEnabled: boolean;
  readonly settings: AudioInputSettings;
}

/** What is captured. Whether it is sent is a matter of publishing. */
export interface InputSettings {
  readonly camera: { readonly isEnabled: false };
  readonly microphone: AudioInput;
  readonly screenVideo: { readonly isEnabled: false };
  readonly screenAudio: AudioInput;
}

export type AudioInputUpdate = boolean | { readonly isEnabled?: boolean; readonly settings?: AudioInputSettings };
export type VideoInputUpdate = boolean | { readonly isEnabled?: boolean };

/** Only what is named changes; a boolean is short for `isEnabled`. */
export interface InputSettingsUpdate {
  readonly camera?: VideoInputUpdate;
  readonly microphone?: AudioInputUpdate;
  readonly screenVideo?: VideoInputUpdate;
  readonly screenAudio?: AudioInputUpdate;
}

const off = { isEnabled: false, settings: {} } as const;
/** Everything is off until it is turned on. */
export const initialInputs: InputSettings = {
  camera: { isEnabled: false },
  microphone: off,
  screenVideo: { isEnabled: false },
  screenAudio: off,
};

const audioInput = v.union([
  v.boolean(),
  v.strictObject({
    isEnabled: v.exactOptional(v.boolean()),
    settings: v.exactOptional(
      v.strictObject({
        deviceId: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(256))),
        customTrack: v.exactOptional(v.strictObject({ id: v.pipe(v.string(), v.minLength(1), v.maxLength(256)) })),
        customConstraints: v.exactOptional(v.record(v.string(), v.unknown())),
      }),
    ),
  }),
]);
const videoInput = v.union([v.boolean(), v.object({ isEnabled: v.exactOptional(v.boolean()) })]);
const update = v.strictObject({
  camera: v.exactOptional(videoInput),
  microphone: v.exactOptional(audioInput),
  screenVideo: v.exactOptional(videoInput),
  screenAudio: v.exactOptional(audioInput),
});

/**
 * The inputs after an update.
 *
 * @throws TypeError for a wrong shape, `SLUICE_CALL_VIDEO` for a video input that is turned on.
 */
export function updatedInputs(current: InputSettings, change: InputSettingsUpdate, name = 'inputs'): InputSettings {
  const checked = checkSettings(update, name, change);
  for (const kind of ['camera', 'screenVideo'] as const) {
    const video = checked[kind];
    if (video === true || (typeof video === 'object' && video.isEnabled === true))
      throw new SluiceError('SLUICE_CALL_VIDEO', `${name}.${kind} cannot be turned on`, {
        fix: 'Calls carry audio only',
      });
  }
  return {
    ...current,
    microphone: mergeAudio(current.microphone, checked.microphone),
    screenAudio: mergeAudio(current.screenAudio, checked.screenAudio),
  };
}

function mergeAudio(current: AudioInput, change: AudioInputUpdate | undefined): AudioInput {
  if (change === undefined) return current;
  if (typeof change === 'boolean') return { ...current, isEnabled: change };
  // A device and a custom track exclude each other, so new settings replace the old ones.
  return { isEnabled: change.isEnabled ?? current.isEnabled, settings: change.settings ?? current.settings };
}

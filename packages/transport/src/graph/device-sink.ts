import { type PlayoutDevice, type PlayoutSink, playoutSink } from '@sluice/core';

/** What is doubtful about a device that no client sends. */
export const unsent =
  'is heard and seen by nobody, because no client sends its device; join with the device as an input, or call updateInputs({ ... settings: { deviceId } })';

/** Plays a stream on a device of a call. */
export function deviceSink(name: string, device: PlayoutDevice & { readonly active?: boolean }): PlayoutSink {
  return playoutSink({ name, device, problems: () => (device.active === false ? [unsent] : []) });
}

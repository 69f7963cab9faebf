import { invalidArgument, unknownKey } from '@sluice/core';

/** What a demand on each processing is answered: no engine of ours changes what a program writes. */
const processing: Readonly<Record<string, string>> = {
  echoCancellation: 'a program has no loudspeaker that its microphone could hear',
  noiseSuppression: 'put a node such as rnnoise() before the microphone',
  autoGainControl: 'put gain() before the microphone',
};
const made = 'the device has what it was made with';
const common = { deviceId: 'use settings.deviceId', groupId: made };

const audioConstraints: Readonly<Record<string, string>> = {
  ...processing,
  ...common,
  channelCount: made,
  latency: made,
  sampleRate: made,
  sampleSize: 'samples have 16 bits',
};
const videoConstraints: Readonly<Record<string, string>> = {
  ...common,
  aspectRatio: made,
  facingMode: 'use settings.facingMode',
  frameRate: 'use settings.frameRate',
  height: made,
  resizeMode: made,
  width: made,
};
const demands = ['exact', 'min', 'max'];

/**
 * Checks constraints in the words of the web (MediaTrackConstraints). Wishes, a bare value or `ideal`, are kept and given
 * back: what a program writes is sent as it is. A demand cannot be met and is refused, but for processing to be off.
 *
 * @throws TypeError for a constraint that there is not, and for a demand, with what to do instead.
 */
export function checkConstraints(
  kind: 'audio' | 'video',
  name: string,
  constraints: Readonly<Record<string, unknown>> = {},
): void {
  const known = kind === 'audio' ? audioConstraints : videoConstraints;
  for (const [key, value] of Object.entries(constraints)) {
    const instead = Object.hasOwn(known, key) ? known[key] : undefined;
    if (instead === undefined) throw unknownKey(name, key, Object.keys(known));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      if (value === null || !['boolean', 'number', 'string', 'object'].includes(typeof value))
        throw invalidArgument(`${name}.${key}`, 'a value, or an object with ideal', value);
      continue;
    }
    for (const demand of Object.keys(value)) checkDemand(`${name}.${key}`, key, demand, value, instead);
  }
}

function checkDemand(name: string, key: string, demand: string, value: object, instead: string): void {
  if (demand === 'ideal') return;
  if (!demands.includes(demand)) throw unknownKey(name, demand, ['ideal', ...demands]);
  const off = Object.hasOwn(processing, key) && demand === 'exact' && (value as { exact?: unknown }).exact === false;
  if (!off) throw invalidArgument(`${name}.${demand}`, `a wish ({ ideal }): ${instead}`, value);
}

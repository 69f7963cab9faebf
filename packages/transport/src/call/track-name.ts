import { invalidArgument } from '@sluice/core';

const CUSTOM = 'customAudio.';
const CUSTOM_NAME = /^[\w .:-]{1,100}$/;

/** The name of a track on the wire for the name of an audio source: `music` is `customAudio.music`. */
export function trackOfSource(audioSource: string): string {
  if (audioSource === 'microphone' || audioSource === 'screenAudio') return audioSource;
  const name = audioSource.startsWith(CUSTOM) ? audioSource.slice(CUSTOM.length) : audioSource;
  return customTrackName(name, 'audioSource');
}

/** The name of a custom track on the wire. */
export function customTrackName(name: string, argument = 'trackName'): string {
  if (typeof name !== 'string' || !CUSTOM_NAME.test(name) || name === 'microphone' || name === 'screenAudio')
    throw invalidArgument(argument, '1 to 100 letters, digits or " _.:-", not microphone or screenAudio', name);
  return CUSTOM + name;
}

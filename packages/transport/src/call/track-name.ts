import { invalidArgument } from '@sluice/core';

const CUSTOM_NAME = /^[\w .:-]{1,100}$/;
/** Those of the inputs, and those that settings cannot hold. */
const reserved = ['microphone', 'screenAudio', 'camera', 'screenVideo', 'constructor', 'prototype', '__proto__'];

export type CustomKind = 'customAudio' | 'customVideo';

/** The name of a track in the room for the name of an audio source: `music` is `customAudio.music`. */
export function trackOfAudio(audioSource: string): string {
  if (audioSource === 'microphone' || audioSource === 'screenAudio') return audioSource;
  return customTrackOf('customAudio', audioSource, 'audioSource');
}

/** The name of a track in the room for the name of a video source: `slides` is `customVideo.slides`. */
export function trackOfVideo(videoSource: string): string {
  if (videoSource === 'camera' || videoSource === 'screenVideo') return videoSource;
  return customTrackOf('customVideo', videoSource, 'videoSource');
}

/** The name of a custom track in the room. */
export function customTrackName(kind: CustomKind, name: string, argument = 'trackName'): string {
  if (typeof name !== 'string' || !CUSTOM_NAME.test(name) || reserved.includes(name))
    throw invalidArgument(argument, `1 to 100 letters, digits or " _.:-", none of ${reserved.join(', ')}`, name);
  return `${kind}.${name}`;
}

/** The kind and the name that a custom track has for users; undefined for the other tracks. */
export function customTrackParts(track: string): { readonly kind: CustomKind; readonly name: string } | undefined {
  const [, kind, name] = /^(customAudio|customVideo)\.(.*)$/s.exec(track) ?? [];
  return kind === undefined || name === undefined ? undefined : { kind: kind as CustomKind, name };
}

function customTrackOf(kind: CustomKind, source: string, argument: string): string {
  const named = typeof source === 'string' && source.startsWith(`${kind}.`);
  return customTrackName(kind, named ? source.slice(kind.length + 1) : source, argument);
}

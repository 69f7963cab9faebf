/** What a track carries, by its name in the room. */
export function trackKind(name: string): 'audio' | 'video' {
  return name === 'camera' || name === 'screenVideo' || name.startsWith('customVideo.') ? 'video' : 'audio';
}

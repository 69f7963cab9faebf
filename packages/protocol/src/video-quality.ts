/** Qualities of a camera, from the smallest picture up. */
export const videoQualities = ['low', 'medium', 'high'] as const;
/** How good a video track is wanted: of the peers of a call each sends what the other asks for. */
export type VideoQuality = (typeof videoQualities)[number];

/** The lesser of two. */
export function lowerQuality(a: VideoQuality, b: VideoQuality): VideoQuality {
  return videoQualities.indexOf(a) < videoQualities.indexOf(b) ? a : b;
}

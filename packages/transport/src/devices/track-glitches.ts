import type { Glitches } from '@sluice/core';

/**
 * Where a gap was made: `sender`, what a track of ours did not give the engine in time; `receiver`, what the network or the far
 * side did not bring in time; `speaker`, what a virtual speaker lacked of a voice while it was read.
 */
export const glitchEdges = ['sender', 'receiver', 'speaker'] as const;
/** One of `glitchEdges`. */
export type GlitchEdge = (typeof glitchEdges)[number];

/** Glitches of one track that plays. Of video, `gaps` are freezes of the picture, and nothing is made up. */
export interface TrackGlitches extends Glitches {
  /** Where it was measured: before the network, behind it, or where a program hears. */
  readonly edge: GlitchEdge;
  /** Of what: gaps are of sound, freezes of pictures. */
  readonly kind: 'audio' | 'video';
  /**
   * `microphone`, `screenAudio`, `customAudio.<name>`, `camera`, `screenVideo` or `customVideo.<name>`; at the edge `speaker` the name of the
   * device.
   */
  readonly track: string;
  /** Whose track it is; empty at the edge `speaker`. */
  readonly participantId: string;
}

import type { Clock } from '@sluice/core';
import { AudioRenderers } from './audio-renderers.ts';
import { VideoRenderers } from './video-renderers.ts';

/** Who hears and sees the participants of a call. */
export class Renderers {
  readonly audio: AudioRenderers;
  readonly video: VideoRenderers;

  /** @param onFault Told what a callback threw, and which kind it was. */
  constructor(clock: Clock, onFault: (error: unknown, where: string) => void) {
    this.audio = new AudioRenderers((error) => onFault(error, 'audio renderer'));
    this.video = new VideoRenderers(clock, (error) => onFault(error, 'video renderer'));
  }

  /** The participant left. */
  end(participantId: string): void {
    this.audio.end(participantId);
    this.video.end(participantId);
  }

  /** The call is over. */
  clear(): void {
    this.audio.clear();
    this.video.clear();
  }
}

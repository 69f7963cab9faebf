// What this participant hears and sees: renderers, taps, listeners. Nothing of sending.

import { type Clock, invalidArgument } from '@sluice/core';
import type { Participants } from '../participants.ts';
import { AudioRenderers } from './audio-renderers.ts';
import { CallListeners } from './call-listeners.ts';
import { ReceivedGlitches } from './received-glitches.ts';
import { RemoteLevels } from './remote-levels.ts';
import { VideoRenderers } from './video-renderers.ts';

/** Who hears and sees the participants of a call. */
export class Renderers {
  readonly audio: AudioRenderers;
  readonly video: VideoRenderers;
  readonly levels = new RemoteLevels();
  /** Of this call. */
  readonly glitches: ReceivedGlitches;
  /** Of the whole call, and of those after it. */
  readonly listeners = new CallListeners();

  /** @param onFault Told what a callback threw, and which kind it was. */
  constructor(clock: Clock, onFault: (error: unknown, where: string) => void) {
    this.glitches = new ReceivedGlitches(clock);
    this.audio = new AudioRenderers(clock, (error) => onFault(error, 'audio renderer'));
    this.video = new VideoRenderers(clock, (error) => onFault(error, 'video renderer'));
  }

  /** The participant left, for good or because its connection was lost. */
  end(participantId: string, mayReturn = false): void {
    this.audio.end(participantId, mayReturn);
    this.video.end(participantId, mayReturn);
    this.glitches.end(participantId);
  }

  /** The call is over. */
  clear(): void {
    this.audio.clear();
    this.video.clear();
    this.glitches.clear();
  }

  /** The client was released. */
  close(): void {
    this.clear();
    this.listeners.close();
  }
}

/** Throws at once for what is no participant and no renderer, and for the name of somebody instead of the id. */
export function checkRenderer(participantId: unknown, callback: unknown, participants: Participants): void {
  if (typeof participantId !== 'string') throw invalidArgument('participantId', 'a string', participantId);
  if (typeof callback !== 'function') throw invalidArgument('callback', 'a function that takes frames', callback);
  if (Object.hasOwn(participants, participantId)) return;
  const named = Object.values(participants).find(({ info }) => info.userName === participantId);
  if (named !== undefined)
    throw invalidArgument('participantId', `the id of ${participantId}, which is ${named.id}`, participantId);
}

import { type AudioFrame, invalidArgument, noGlitches, pushSource, type Source } from '@sluice/core';
import type { CallClient } from '../call/call-client.ts';
import { RENDERERS } from '../call/client/receiving-client.ts';
import { type AudioRendererOptions, rendererFormat } from '../call/receive/audio-renderer.ts';
import type { Renderers } from '../call/receive/renderers.ts';
import { trackOfAudio } from '../call/track-name.ts';
import { silencesOf } from './silences-of.ts';

/**
 * The audio of one participant as a source. May be subscribed to before the participant is there; completes when it
 * leaves or the call ends. Frames are 20 ms of 16 kHz unless told otherwise, with as many channels as the track has;
 * timestamps count from the first sample. While the track is not received (unpublished, unsubscribed, muted by taking its
 * input away) nothing comes, after a shorter frame with what was there; the next frame has a `gap` as long as the absence,
 * so that a recording keeps its timeline. Adds no latency beyond the frame's length. Any number may listen to the same
 * track. It does not subscribe the client to the track: the subscription settings must allow it.
 *
 * @example
 * ```ts
 * fromParticipantAudio(client, id, { sampleRate: 48_000 }).subscribe(toWavFile('they.wav'));
 * ```
 * @throws TypeError, RangeError at once for what is no participant id, and for options that do not exist or are out of range
 */
export function fromParticipantAudio(
  client: CallClient,
  participantId: string,
  options: AudioRendererOptions = {},
): Source<AudioFrame> {
  if (typeof participantId !== 'string') throw invalidArgument('participantId', 'a string', participantId);
  rendererFormat(options);
  const track = trackOfAudio(options.audioSource ?? 'microphone');
  let renderers: Renderers | undefined;
  const glitches = () => renderers?.glitches.of(participantId, track) ?? noGlitches;
  const problems = () =>
    silencesOf(client)
      .filter((one) => one.participantId === participantId && one.track === track)
      .map(({ problem }) => problem);
  return pushSource<AudioFrame>({ name: 'fromParticipantAudio', live: true, glitches, problems }, (destination) => {
    renderers = client[RENDERERS];
    return renderers.audio.add(
      participantId,
      { frame: (frame) => destination.next(frame), end: () => destination.complete() },
      options,
    );
  });
}

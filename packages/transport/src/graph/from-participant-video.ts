import { invalidArgument, noGlitches, pushSource, type Source, type VideoFrame } from '@sluice/core';
import type { CallClient } from '../call/call-client.ts';
import { RENDERERS } from '../call/client/receiving-client.ts';
import type { Renderers } from '../call/receive/renderers.ts';
import { checkVideoRenderer, type VideoRendererOptions } from '../call/receive/video-renderers.ts';
import { trackOfVideo } from '../call/track-name.ts';

/**
 * The pictures of one participant as a source. May be subscribed to before the participant is there; completes when it
 * leaves or the call ends. Timestamps tell when a picture was received, in microseconds of the clock; the sender's times
 * do not travel. The size is the sender's and may change: put `scale()` behind it. A slow receiver gets the newest
 * picture: the link behind it has the policy `latest`. While the sound that belongs to them is received too, pictures wait for it,
 * some 30 ms and at most 60; else this adds no latency. Any number may look at the same track. It does
 * not subscribe the client to the track: the subscription settings must allow it.
 *
 * @example
 * ```ts
 * fromParticipantVideo(client, id, { colorFormat: 'I420' }).subscribe(toY4mFile('they.y4m'));
 * ```
 * @throws TypeError at once for what is no participant id, colour format or video source.
 */
export function fromParticipantVideo(
  client: CallClient,
  participantId: string,
  options: VideoRendererOptions = {},
): Source<VideoFrame> {
  if (typeof participantId !== 'string') throw invalidArgument('participantId', 'a string', participantId);
  checkVideoRenderer('fromParticipantVideo', options);
  const track = trackOfVideo(options.videoSource ?? 'camera');
  let renderers: Renderers | undefined;
  const glitches = () => renderers?.glitches.of(participantId, track) ?? noGlitches;
  const end = { name: 'fromParticipantVideo', live: true, overflow: 'latest', glitches } as const;
  return pushSource<VideoFrame>(end, (destination) => {
    renderers = client[RENDERERS];
    return renderers.video.add(
      participantId,
      { frame: (frame) => destination.next(frame), end: () => destination.complete() },
      options,
    );
  });
}

import { invalidArgument, pushSource, type Source, type VideoFrame } from '@sluice/core';
import type { CallClient } from '../call/call-client.ts';
import { RENDERERS } from '../call/client/receiving-client.ts';
import { checkVideoRenderer, type VideoRendererOptions } from '../call/receive/video-renderers.ts';

/**
 * The pictures of one participant as a source. May be subscribed to before the participant is there; completes when it
 * leaves or the call ends. Timestamps tell when a picture was received, in microseconds of the clock; the sender's times
 * do not travel. The size is the sender's and may change: put `scale()` behind it. A slow receiver gets the newest
 * picture: the link behind it has the policy `latest`. Adds no latency. Any number may look at the same track. It does
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
  return pushSource<VideoFrame>({ name: 'fromParticipantVideo', live: true, overflow: 'latest' }, (destination) =>
    client[RENDERERS].video.add(
      participantId,
      { frame: (frame) => destination.next(frame), end: () => destination.complete() },
      options,
    ),
  );
}

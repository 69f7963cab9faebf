// Which tracks of a room are wanted, by layout. Pure: what is there goes in, what is wanted comes out.

import type { RecordingLayout } from '@sluice/protocol';
import type { MediaSubscription, Participant, ParticipantMedia, Participants } from '@sluice/transport';
import type { Subscriptions } from '../entry/enter-room.ts';

/** A track of somebody in the room. */
export interface RoomTrack {
  readonly participant: Participant;
  /** `microphone`, `screenAudio`, `camera`, `screenVideo` or the name of a custom track. */
  readonly source: string;
  /** Tells it from all others. */
  readonly key: string;
}

/** The audio tracks that are on now and that a layout records. */
export function audioTracks(participants: Participants, layout: RecordingLayout): RoomTrack[] {
  return recorded(participants, layout).flatMap((participant) => {
    const { microphone, screenAudio, customAudio } = participant.media;
    return tracksOf(participant, 'audio', { microphone, screenAudio, ...customAudio });
  });
}

/** The video tracks that are on now and that a layout shows. `speaker`: id of who speaks, or spoke last. */
export function videoTracks(
  participants: Participants,
  layout: RecordingLayout,
  speaker: string | undefined,
): RoomTrack[] {
  if (layout.preset === 'audio-only') return [];
  const all = recorded(participants, layout).map((participant) => {
    const { camera, screenVideo, customVideo } = participant.media;
    return tracksOf(participant, 'video', { camera, screenVideo, ...customVideo });
  });
  if (layout.preset !== 'active-speaker') return all.flat();
  const seen = all.filter((tracks) => tracks.length > 0);
  // Until somebody spoke who can be seen, the first who can.
  return (seen.find(([track]) => track!.participant.id === speaker) ?? seen[0] ?? []).slice(0, 1);
}

/** What has to be received for a layout. */
export function subscriptionsFor(layout: RecordingLayout): Subscriptions {
  const { preset, session_id: only } = layout;
  const video = preset === 'audio-only' ? 'unsubscribed' : 'subscribed';
  const media = (audio: 'subscribed' | 'unsubscribed', pictures = audio): MediaSubscription => ({
    microphone: audio,
    screenAudio: audio,
    customAudio: { '*': audio },
    camera: pictures,
    screenVideo: pictures,
    customVideo: { '*': pictures },
  });
  if (preset !== 'single-participant' || only === undefined) return [null, { base: media('subscribed', video) }];
  return [{ [only]: { media: media('subscribed') } }, { base: media('unsubscribed') }];
}

function recorded(participants: Participants, { preset, session_id: only }: RecordingLayout): Participant[] {
  const remote = Object.values(participants).filter(({ info }) => !info.isLocal);
  return preset === 'single-participant' ? remote.filter(({ id }) => id === only) : remote;
}

function tracksOf(
  participant: Participant,
  kind: 'audio' | 'video',
  media: Readonly<Record<string, ParticipantMedia>>,
): RoomTrack[] {
  return Object.entries(media)
    .filter(([, { state }]) => state !== 'off')
    .map(([source]) => ({ participant, source, key: `${participant.id} ${kind} ${source}` }));
}

import type { Participant, ParticipantMedia, Participants } from '@sluice/transport';
import { describe, expect, it } from 'vitest';
import { layoutOf, recorderConfig } from './recorder-options.ts';
import { audioTracks, subscriptionsFor, videoTracks } from './room-tracks.ts';

const media = (on: boolean): ParticipantMedia => ({
  subscribed: 'subscribed',
  state: on ? 'playable' : 'off',
  offReasons: on ? [] : ['user'],
});

function person(id: string, on: readonly string[], isLocal = false): Participant {
  const is = (name: string) => media(on.includes(name));
  return {
    id,
    info: { isLocal, isOwner: false, joinedAt: '', userId: '', userName: id },
    media: {
      microphone: is('microphone'),
      screenAudio: is('screenAudio'),
      customAudio: { music: is('music') },
      camera: is('camera'),
      screenVideo: is('screenVideo'),
      customVideo: { slides: is('slides') },
    },
  } as unknown as Participant;
}

const room = {
  local: person('me', ['microphone', 'camera'], true),
  ada: person('ada', ['microphone', 'music', 'slides']),
  grace: person('grace', ['camera', 'screenVideo', 'screenAudio']),
  mute: person('mute', []),
} as unknown as Participants;
const keys = (tracks: readonly { readonly key: string }[]) => tracks.map(({ key }) => key);

describe('tracks by layout', () => {
  it('grid: all that is on, of all others', () => {
    expect(keys(audioTracks(room, { preset: 'grid' }))).toEqual([
      'ada audio microphone',
      'ada audio music',
      'grace audio screenAudio',
    ]);
    expect(keys(videoTracks(room, { preset: 'grid' }, undefined))).toEqual([
      'ada video slides',
      'grace video camera',
      'grace video screenVideo',
    ]);
  });

  it('single-participant: one of them, sound and picture', () => {
    const layout = { preset: 'single-participant', session_id: 'grace' } as const;
    expect(keys(audioTracks(room, layout))).toEqual(['grace audio screenAudio']);
    expect(keys(videoTracks(room, layout, 'ada'))).toEqual(['grace video camera', 'grace video screenVideo']);
    const [participants, profiles] = subscriptionsFor(layout);
    expect(participants).toMatchObject({ grace: { media: { camera: 'subscribed', microphone: 'subscribed' } } });
    expect(profiles).toMatchObject({ base: { microphone: 'unsubscribed', camera: 'unsubscribed' } });
    expect(() => layoutOf({ layout: { preset: 'single-participant' } })).toThrow(TypeError);
  });

  it('active-speaker: who speaks and can be seen, or else the first who can; the sound of all', () => {
    const layout = { preset: 'active-speaker' } as const;
    expect(keys(videoTracks(room, layout, 'grace'))).toEqual(['grace video camera']);
    expect(keys(videoTracks(room, layout, 'mute'))).toEqual(['ada video slides']);
    expect(keys(videoTracks({ local: room.local } as Participants, layout, 'ada'))).toEqual([]);
    expect(audioTracks(room, layout)).toHaveLength(3);
  });

  it('audio-only: no picture is even received', () => {
    expect(videoTracks(room, { preset: 'audio-only' }, 'grace')).toEqual([]);
    const [, profiles] = subscriptionsFor({ preset: 'audio-only' });
    expect(profiles).toMatchObject({ base: { microphone: 'subscribed', camera: 'unsubscribed' } });
    expect(subscriptionsFor({ preset: 'grid' })[1]).toMatchObject({ base: { camera: 'subscribed' } });
  });
});

describe('options of a recorder', () => {
  it.each([
    [{}, TypeError],
    [{ folder: 7 }, TypeError],
    [{ folder: 'a', video: 'mp4' }, TypeError],
    [{ folder: 'a', sampleRate: 44_150 }, RangeError],
    [{ folder: 'a', channels: 3 }, RangeError],
    [{ folder: 'a', maxTracks: 0 }, RangeError],
    [{ folder: 'a', fodler: 'b' }, TypeError],
  ])('%j is refused', (options, kind) => {
    expect(() => recorderConfig(options as never)).toThrow(kind);
  });
});

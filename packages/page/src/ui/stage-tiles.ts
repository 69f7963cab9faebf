import type { CallState, CallView, ParticipantView, TrackView } from './call-view.ts';
import type { StageTile } from './stage.tsx';
import type { TileSound } from './tile.tsx';
import { trackWords } from './words/track-words.ts';

/** Everything that is shown in a call: a tile for everybody, and one for each screen and each custom track. */
export function stageTiles(call: CallView, state: CallState): StageTile[] {
  return [...state.others.flatMap((other) => tilesOf(call, state, other)), ...ownTiles(state)];
}

function ownTiles({ me, camera, microphone, screen, activeSpeaker }: CallState): StageTile[] {
  const own: StageTile = {
    key: 'me',
    id: me.id,
    name: me.name,
    title: `${me.name} (you)`,
    kind: 'person',
    picture: camera.on ? camera.track : undefined,
    mirrored: true,
    microphone: microphone.on,
    speaking: activeSpeaker === me.id,
  };
  if (!screen.on) return [own];
  return [
    own,
    { key: 'my screen', id: me.id, name: me.name, title: 'Your screen', kind: 'screen', picture: screen.track },
  ];
}

function tilesOf(call: CallView, state: CallState, participant: ParticipantView): StageTile[] {
  const { id, name, tracks, network } = participant;
  const track = (wanted: string) => tracks.find((one) => one.name === wanted);
  const sound = (of: TrackView | undefined) => of && soundOf(call, id, of);
  const microphone = track('microphone');
  const camera = track('camera');
  const person: StageTile = {
    key: id,
    id,
    name,
    title: name,
    kind: 'person',
    picture: pictureOf(camera),
    microphone: microphone && microphone.state !== 'off',
    speaking: state.activeSpeaker === id,
    network,
    state: stateWords([microphone, camera]),
    sound: sound(microphone),
  };
  const more = tracks
    .filter(
      (one) => one.name !== 'microphone' && one.name !== 'camera' && one.name !== 'screenAudio' && one.state !== 'off',
    )
    .map((one): StageTile => {
      const isScreen = one.name === 'screenVideo';
      const words = trackWords(one.name);
      return {
        key: `${id} ${one.name}`,
        id,
        name,
        title: isScreen ? `Screen of ${name}` : `${words} of ${name}`,
        kind: isScreen ? 'screen' : 'custom',
        picture: pictureOf(one),
        state: stateWords([one]),
        sound: sound(isScreen ? track('screenAudio') : one.kind === 'audio' ? one : undefined),
      };
    });
  return [person, ...more];
}

function soundOf(call: CallView, id: string, { name, volume, muted }: TrackView): TileSound {
  return {
    track: trackWords(name),
    volume,
    muted,
    onMute: (value) => call.setMuted(id, name, value),
    onVolume: (value) => call.setVolume(id, name, value),
  };
}

function pictureOf(track: TrackView | undefined): MediaStreamTrack | undefined {
  return track?.kind === 'video' && track.state !== 'off' ? track.track : undefined;
}

function stateWords(tracks: readonly (TrackView | undefined)[]): string | undefined {
  if (tracks.some((one) => one?.state === 'interrupted')) return 'Reconnecting';
  return tracks.some((one) => one?.state === 'loading') ? 'Connecting' : undefined;
}

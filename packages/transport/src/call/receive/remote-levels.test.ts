import { defaultPermissions } from '@sluice/protocol';
import { expect, test } from 'vitest';
import type { RoomParticipant } from '../../room/driver.ts';
import { RemoteLevels } from './remote-levels.ts';

const piece = (height: number) => new Int16Array(480).fill(height);
const track = (name: string, ignoreLevel = false) => ({ name, enabled: true, continuous: true, ignoreLevel });
const person = (id: string, ...tracks: RoomParticipant['tracks']): [string, RoomParticipant] => [
  id,
  {
    id,
    userName: '',
    userId: '',
    isOwner: false,
    joinedAt: '',
    permissions: defaultPermissions,
    mutedRemotely: [],
    tracks,
  },
];

test('of each participant the loudest track that counts', () => {
  const levels = new RemoteLevels();
  const people = new Map([
    person('ada', track('microphone'), track('customAudio.song', true), track('customAudio.voice')),
    person('grace', track('microphone')),
  ]);
  levels.take('ada', 'microphone', piece(1));
  expect(levels.read(people)).toEqual({ ada: 0, grace: 0 });
  levels.start();
  levels.take('ada', 'microphone', piece(8_192));
  levels.take('ada', 'customAudio.song', piece(32_767));
  levels.take('ada', 'customAudio.voice', piece(16_384));
  expect(levels.read(people)).toEqual({ ada: 0.5, grace: 0 });
  expect(levels.read(people)).toEqual({ ada: 0, grace: 0 });
});

test('who left, and what was taken away, counts no more', () => {
  const levels = new RemoteLevels();
  levels.start();
  levels.take('ada', 'microphone', piece(8_192));
  levels.take('gone', 'microphone', piece(8_192));
  expect(levels.read(new Map([person('ada')]))).toEqual({ ada: 0 });
  levels.stop();
  levels.take('ada', 'microphone', piece(8_192));
  levels.start();
  expect(levels.read(new Map([person('ada', track('microphone'))]))).toEqual({ ada: 0 });
});

import { defaultPermissions } from '@sluice/protocol';
import { expect, test } from 'vitest';
import { allowedTracks, allowsInput, announcement } from './sending.ts';

const track = {} as MediaStreamTrack;
const tracks = new Map([
  ['microphone', track],
  ['camera', null],
  ['screenVideo', track],
  ['screenAudio', track],
]);

test('a screen makes nobody the active speaker, and a picture may pause', () => {
  expect(announcement(tracks)).toEqual([
    { name: 'microphone', enabled: true, continuous: true, ignoreLevel: false },
    { name: 'camera', enabled: false, continuous: false, ignoreLevel: false },
    { name: 'screenVideo', enabled: true, continuous: false, ignoreLevel: false },
    { name: 'screenAudio', enabled: true, continuous: true, ignoreLevel: true },
  ]);
});

test('what the room does not allow is not sent, and everything is before it has said so', () => {
  const permissions = { ...defaultPermissions, canSend: ['microphone' as const] };
  expect([...allowedTracks(permissions, tracks).keys()]).toEqual(['microphone']);
  expect(allowedTracks(undefined, tracks)).toBe(tracks);
  expect(allowsInput(permissions, 'screen')).toBe(false);
  expect(allowsInput(permissions, 'microphone')).toBe(true);
  expect(allowsInput(undefined, 'screen')).toBe(true);
});

import { expect, test } from 'vitest';
import { grownFrom, relayedStreams } from './relayed-streams.ts';

const sdp = `v=0
m=video 9 UDP/TLS/RTP/SAVPF 96
a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
m=audio 9 UDP/TLS/RTP/SAVPF 111
a=extmap:4/sendonly urn:ietf:params:rtp-hdrext:ssrc-audio-level
`;
const published = (streams: unknown) => relayedStreams({ data: { streams }, jsep: { type: 'answer', sdp } });

test('m-lines are told in their order, by their places, with the level of voices; what is off with a codec', () => {
  expect(
    published([
      { type: 'audio', mindex: 1, mid: 'a', codec: 'opus', description: 'microphone', stereo: true, other: 1 },
      { type: 'video', mindex: 0, mid: 'v', disabled: true },
    ]),
  ).toEqual([
    { type: 'video', mindex: 0, mid: '0', codec: 'vp8', disabled: true },
    {
      type: 'audio',
      mindex: 1,
      mid: '1',
      codec: 'opus',
      description: 'microphone',
      stereo: true,
      audiolevel_ext_id: 4,
    },
  ]);
  expect(published('none')).toEqual([]);
});

test('a track more, and one that is off, are told; another codec or kind in a place takes a new start', () => {
  const [camera, voice] = published([
    { type: 'video', mindex: 0, codec: 'vp8' },
    { type: 'audio', mindex: 1, codec: 'opus' },
  ]);
  expect(grownFrom([camera!], [camera!, voice!])).toBe(true);
  expect(grownFrom([camera!, voice!], [{ ...camera!, disabled: true }, voice!])).toBe(true);
  expect(grownFrom([camera!], [{ ...camera!, codec: 'vp9' }])).toBe(false);
  expect(grownFrom([camera!], [voice!])).toBe(false);
  expect(grownFrom([camera!, voice!], [camera!])).toBe(false);
});

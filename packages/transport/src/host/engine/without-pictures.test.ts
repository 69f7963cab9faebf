import { expect, test } from 'vitest';
import { withoutPictures } from './without-pictures.ts';

const lines = (...all: string[]) => all.map((line) => `${line}\r\n`).join('');

test('sections of pictures are refused and leave their groups; the others stay as they are', () => {
  const head = (groups: string) => lines('v=0', `a=group:BUNDLE${groups}`, 'a=msid-semantic: WMS *');
  const sound = lines('m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:0');
  const pictures = (port: number) => lines(`m=video ${port} UDP/TLS/RTP/SAVPF 96`, 'a=mid:1', 'a=sendonly');
  const data = lines('m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=mid:2');
  expect(withoutPictures(head(' 0 1 2') + sound + pictures(9) + data)).toBe(head(' 0 2') + sound + pictures(0) + data);
  expect(withoutPictures(head(' 1') + pictures(9))).toBe(head('') + pictures(0));
  expect(withoutPictures(head(' 0') + sound)).toBe(head(' 0') + sound);
});

import { expect, test } from 'vitest';
import { candidatesOf, sdpSections, withCandidates } from './sdp-sections.ts';

test('an m-line without a kind is a section of no kind', () => {
  expect(sdpSections('v=0\nm=\nm=audio 9 x 0\na=mid:0\n')).toEqual([
    { mid: '', kind: '', sends: true },
    { mid: '0', kind: 'audio', sends: true },
  ]);
});

test('candidates are lines of their own also where the last line has no end', () => {
  const candidate = 'candidate:1 1 udp 1 127.0.0.1 9 typ host';
  const sdp = withCandidates('v=0\r\nm=audio 9 x 0\r\na=mid:0', [{ candidate, sdpMid: '0', sdpMLineIndex: 0 }], true);
  expect(candidatesOf(sdp)).toEqual([{ candidate, sdpMid: '0', sdpMLineIndex: 0 }]);
  expect(sdp.split('\r\n')).toEqual(['v=0', 'm=audio 9 x 0', 'a=mid:0', `a=${candidate}`, 'a=end-of-candidates', '']);
});

test('of candidates that were there none stays, the last line of one without an end neither', () => {
  const sdp = 'v=0\r\nm=audio 9 x 0\r\na=mid:0\r\na=candidate:1 1 udp 1 127.0.0.1 9 typ host';
  expect(candidatesOf(sdp)).toHaveLength(1);
  expect(candidatesOf(withCandidates(sdp, [], false))).toEqual([]);
});

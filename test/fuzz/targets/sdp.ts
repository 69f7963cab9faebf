import { strict as assert } from 'node:assert';
import { sdpFault, withoutCandidates } from '../../../packages/protocol/src/sdp-policy.ts';
import {
  mediaSections,
  rewrite,
  type SectionChanges,
} from '../../../packages/transport/src/host/engine/session-description.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';

const head = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n';
const common =
  'c=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\na=fingerprint:sha-256 AB:CD\r\na=setup:actpass\r\na=rtcp-mux\r\na=sendrecv\r\n';
const audio = `m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n${common}a=mid:0\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\na=msid:s t\r\n`;
const video = `m=video 9 UDP/TLS/RTP/SAVPF 96 98\r\n${common}a=mid:1\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:98 VP9/90000\r\na=fmtp:98 profile-id=0\r\n`;
const candidate = 'a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\na=end-of-candidates\r\n';

/** What we add to a line at most, in characters. */
const ADDED = 100;

const changes: SectionChanges = {
  parameters: (mid: string) =>
    mid === '0'
      ? { stereo: true, spropStereo: true, maxAverageBitrate: 32_000 }
      : { codec: 'VP9', maxBitrate: 500_000, startBitrate: 300_000 },
  stream: () => 'stream',
};

export const sdpTarget: FuzzTarget = {
  name: 'sdp',
  reads: 'session descriptions, by the policy of the server and the rewriting of the engine',
  maxBytes: 8_192,
  seeds: () => [head + audio, head + audio + video, head + audio + candidate, head + video.replaceAll('\r\n', '\n')],
  run: (input) => {
    const sdp = Buffer.from(input).toString();
    const stripped = withoutCandidates(sdp);
    assert.ok(stripped.length <= sdp.length);
    const sections = mediaSections(sdp);
    // What may be passed on has no candidates, so there is nothing more to take away.
    if (sdpFault(sdp) === undefined) assert.doesNotMatch(stripped, /^a=candidate:/m);
    const rewritten = rewrite(sdp, 'loopback', changes);
    const media = mediaSections(rewritten);
    assert.deepEqual(
      media.map(({ mid, kind }) => [mid, kind]),
      sections.map(({ mid, kind }) => [mid, kind]),
    );
    const lines = sdp.split('\n').length;
    assert.ok(rewritten.length <= sdp.length + ADDED * lines, `${sdp.length} became ${rewritten.length}`);
  },
};

import { strict as assert } from 'node:assert';
import { readIceFragment, restarted } from '../../../packages/transport/src/whip/ice-fragment.ts';
import { iceServersOf } from '../../../packages/transport/src/whip/link-header.ts';
import {
  candidatesOf,
  directed,
  sdpFault,
  sdpSections,
  trickleFragment,
  withCandidates,
} from '../../../packages/transport/src/whip/sdp-sections.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';

const ice = 'a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n';
const candidate = 'a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n';
const section = (kind: string, mid: string) =>
  `m=${kind} 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:${mid}\r\n${ice}a=fingerprint:sha-256 AB:CD\r\na=sendrecv\r\na=msid:s t\r\n`;
const offer = `v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n${section('audio', '0')}${candidate}${section('video', '1')}`;

export const whipTarget: FuzzTarget = {
  name: 'whip',
  reads: 'descriptions, fragments of ICE and Link headers of WHIP and WHEP',
  maxBytes: 8_192,
  seeds: () => [
    offer,
    offer.replaceAll('\r\n', '\n'),
    `${ice}m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n${candidate}a=end-of-candidates\r\n`,
    '<turn:t.example?transport=udp>; rel="ice-server"; username="u"; credential="p\\"q"; credential-type="password"',
  ],
  run: (input) => {
    const text = Buffer.from(input).toString();
    const sections = sdpSections(text);
    const found = candidatesOf(text);
    assert.ok(found.length <= 64);
    const fragment = readIceFragment(text);
    if (fragment !== undefined) {
      // What is restarted has the name and password of the fragment, and no other.
      const again = readIceFragment(trickleFragment(restarted(text, fragment), []));
      assert.deepEqual([again?.user, again?.password], [fragment.user, fragment.password]);
    }
    if (sdpFault(text) === undefined) {
      for (const direction of ['sendonly', 'recvonly'] as const)
        assert.deepEqual(
          sdpSections(directed(text, direction)).map(({ mid, kind }) => [mid, kind]),
          sections.map(({ mid, kind }) => [mid, kind]),
        );
      // They stand in the first section then, whichever they were of.
      const told = candidatesOf(withCandidates(text, found, true));
      assert.deepEqual(names(told), names(found));
    }
    for (const { urls } of iceServersOf(text)) assert.equal(typeof urls, 'string');
  },
};

const names = (candidates: ReturnType<typeof candidatesOf>) => candidates.map(({ candidate }) => candidate).sort();

import { describe, expect, it } from 'vitest';
import { allowsCandidate } from './candidate-filter.ts';
import { audioSections, rewrite } from './session-description.ts';

const sdp = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 63',
  'a=mid:0',
  'a=sendrecv',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1;stereo=1',
  'a=candidate:1 1 udp 2122136831 127.0.0.1 50000 typ host',
  'a=candidate:2 1 udp 2122136831 192.0.2.2 50000 typ host',
  'm=audio 0 UDP/TLS/RTP/SAVPF 111',
  'a=mid:1',
  'a=inactive',
  '',
].join('\r\n');

describe('session descriptions', () => {
  it('tells which m-lines can be used', () => {
    expect(audioSections(sdp)).toEqual([{ mid: '0', receives: true, stereo: true, sendsStereo: false }]);
    expect(audioSections('nonsense')).toEqual([]);
  });

  it('sets Opus parameters per media id and drops candidates of other interfaces', () => {
    const written = rewrite(sdp, 'loopback', (mid) =>
      mid === '0' ? { spropStereo: true, maxAverageBitrate: 64_000 } : undefined,
    );
    expect(written).toContain('a=fmtp:111 minptime=10;useinbandfec=1;sprop-stereo=1;maxaveragebitrate=64000\r\n');
    expect(written).toContain('127.0.0.1 50000');
    expect(written).not.toContain('192.0.2.2');
    expect(written.split('\r\n')).toHaveLength(sdp.split('\r\n').length - 1);
  });
});

describe('allowsCandidate', () => {
  const candidate = (transport: string, address: string) =>
    `candidate:3077952869 1 ${transport} 2122265343 ${address} 42829 typ host`;

  it('keeps only what the policy says', () => {
    expect(allowsCandidate('loopback', candidate('udp', '127.0.0.1'))).toBe(true);
    expect(allowsCandidate('loopback', candidate('udp', '192.0.2.2'))).toBe(false);
    expect(allowsCandidate('loopback', candidate('udp', '::1'))).toBe(false);
    expect(allowsCandidate('all', candidate('udp', '192.0.2.2'))).toBe(true);
    expect(allowsCandidate('all', candidate('udp', 'fd00::2'))).toBe(true);
    expect(allowsCandidate('all', candidate('udp', 'fe80::1'))).toBe(false);
    expect(allowsCandidate('all', candidate('tcp', '192.0.2.2'))).toBe(false);
    expect(allowsCandidate('all', 'rubbish')).toBe(false);
  });
});

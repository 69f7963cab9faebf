import { describe, expect, it } from 'vitest';
import { allowsCandidate } from './candidate-filter.ts';
import { mediaSections, rewrite } from './session-description.ts';

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
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97 98 100',
  'c=IN IP4 0.0.0.0',
  'a=mid:2',
  'a=recvonly',
  'a=msid:- track',
  'a=rtpmap:96 VP8/90000',
  'a=rtpmap:97 rtx/90000',
  'a=rtpmap:98 VP9/90000',
  'a=rtpmap:100 VP9/90000',
  'a=ssrc:7 msid:- track',
  '',
].join('\r\n');

describe('session descriptions', () => {
  it('tells which m-lines can be used', () => {
    expect(mediaSections(sdp)).toEqual([
      { mid: '0', kind: 'audio', receives: true, stereo: true, sendsStereo: false, codec: 'opus' },
      { mid: '2', kind: 'video', receives: true, stereo: false, sendsStereo: false, codec: 'VP8' },
    ]);
    expect(mediaSections('nonsense')).toEqual([]);
  });

  it('leaves those sections without media whose tracks are not taken, by the id and the direction that the engine reads', () => {
    const section = (...lines: string[]) => ['m=audio 9 UDP/TLS/RTP/SAVPF 111', ...lines, ''].join('\r\n');
    const cases = [
      [section('a=mid:1', 'a=sendrecv'), 'recvonly'],
      [section('a=mid:1', 'a=sendonly'), 'inactive'],
      [section('a=mid:1', 'a=inactive', 'a=recvonly'), 'recvonly'],
      [section('a=mid:1'), 'recvonly'],
      [section('a=mid:0', 'a=mid:1', 'a=sendonly'), 'inactive'],
      [section('a=mid:0', 'a=mid: 0', 'a=sendonly', 'a=sendonlyX'), 'inactive'],
      [section('a=mid:1', 'a=x:\u2028a=mid:0', 'a=sendonly'), 'inactive'],
      [section('a=mid:1', 'a=x:\ra=mid:0', 'a=sendonly'), 'inactive'],
    ] as const;
    const taken = (mid: string) => mid === '0';
    for (const [text, direction] of cases) {
      const written = rewrite(`v=0\r\n${text}`, 'loopback', { parameters: () => undefined, taken });
      expect(written.match(/^a=(send|recv|inactive).*(?=\r)/gm)).toEqual([`a=${direction}`]);
    }
    const kept = rewrite(sdp, 'all', { parameters: () => undefined, taken: () => true });
    expect(kept).toBe(sdp.replace(/a=candidate:1 .*\r\n/, ''));
  });

  it('sets Opus parameters per media id and drops candidates of other interfaces', () => {
    const parameters = (mid: string) => (mid === '0' ? { spropStereo: true, maxAverageBitrate: 64_000 } : undefined);
    const written = rewrite(sdp, 'loopback', { parameters });
    expect(written).toContain('a=fmtp:111 minptime=10;useinbandfec=1;sprop-stereo=1;maxaveragebitrate=64000\r\n');
    expect(written).toContain('127.0.0.1 50000');
    expect(written).not.toContain('192.0.2.2');
    expect(written.split('\r\n')).toHaveLength(sdp.split('\r\n').length - 1);
  });

  it('adds the line of parameters where the far side wrote none', () => {
    const bare = sdp.replace(/a=fmtp:111 .*\r\n/, '');
    const wanted = { stereo: true, maxAverageBitrate: 64_000 };
    const written = rewrite(bare, 'loopback', { parameters: () => wanted });
    expect(written).toContain('a=rtpmap:111 opus/48000/2\r\na=fmtp:111 stereo=1;maxaveragebitrate=64000\r\n');
    expect(mediaSections(written)[0]).toMatchObject({ mid: '0', stereo: true });
    expect(rewrite(written, 'loopback', { parameters: () => wanted })).toBe(written);
    expect(rewrite(bare, 'loopback', { parameters: () => ({}) })).not.toContain('a=fmtp');
  });

  it('puts the wanted codec first and limits the bit rate of video', () => {
    const wanted = { codec: 'VP9', maxBitrate: 150_400 } as const;
    const once = rewrite(sdp, 'loopback', { parameters: (mid) => (mid === '2' ? wanted : undefined) });
    expect(once).toContain('m=video 9 UDP/TLS/RTP/SAVPF 98 100 96 97\r\nc=IN IP4 0.0.0.0\r\nb=AS:150\r\n');
    const again = rewrite(once, 'loopback', { parameters: () => ({}) });
    expect(again).not.toContain('b=AS');
  });

  it('leaves video alone whose far side lacks the codec', () => {
    const written = rewrite(sdp, 'loopback', { parameters: () => ({ codec: 'AV1' }) });
    expect(written).toContain('SAVPF 96 97 98 100\r\n');
  });

  it('says which stream a track belongs to', () => {
    const stream = (mid: string) => (mid === '2' ? 'face' : undefined);
    const written = rewrite(sdp, 'loopback', { parameters: () => undefined, stream });
    expect(written).toContain('a=msid:face track\r\n');
    expect(written).toContain('a=ssrc:7 msid:face track\r\n');
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

describe('what is sent on a video section', () => {
  const video = (parameters: object) =>
    rewrite(sdp, 'all', { parameters: (mid) => (mid === '2' ? parameters : undefined) });

  it('is the first codec', () => {
    expect(mediaSections(sdp).map(({ codec }) => codec)).toEqual(['opus', 'VP8']);
    expect(mediaSections(video({ codec: 'VP9' })).at(-1)!.codec).toBe('VP9');
  });

  it('begins with a bit rate, beside the parameters that are there', () => {
    const lines = video({ startBitrate: 1_000_000 }).split('\r\n');
    expect(lines).toContain('a=fmtp:96 x-google-start-bitrate=1000');
    expect(lines).toContain('a=fmtp:98 x-google-start-bitrate=1000');
    expect(lines.filter((line) => line.startsWith('a=fmtp:97'))).toEqual([]);
    const given = sdp.replace('a=rtpmap:100 VP9/90000', 'a=rtpmap:100 VP9/90000\r\na=fmtp:100 profile-id=2');
    const changed = rewrite(given, 'all', { parameters: () => ({ startBitrate: 500_000 }) });
    expect(changed).toContain('a=fmtp:100 profile-id=2;x-google-start-bitrate=500\r\n');
    const again = rewrite(changed, 'all', { parameters: () => ({ startBitrate: 250_000 }) });
    expect(again).toContain('a=fmtp:100 profile-id=2;x-google-start-bitrate=250\r\n');
    expect(again.match(/x-google-start-bitrate/g)).toHaveLength(3);
  });
});

it('takes dollars in the parameters of a stranger for text', () => {
  const given = sdp.replace('useinbandfec=1', () => "x=$`$'$&$1");
  const changed = rewrite(given, 'all', { parameters: () => ({ maxAverageBitrate: 32_000 }) });
  expect(changed).toContain("a=fmtp:111 minptime=10;x=$`$'$&$1;maxaveragebitrate=32000\r\n");
});

it('says nothing of payload types that are none', () => {
  const type = '1'.repeat(300);
  const given = sdp.replaceAll('111', type).replaceAll('98', type);
  const wanted = { stereo: true, codec: 'VP9', startBitrate: 300_000 } as const;
  const changed = rewrite(given, 'all', { parameters: () => wanted });
  expect(changed.split(type)).toHaveLength(given.split(type).length);
});

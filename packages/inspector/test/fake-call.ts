import type { InspectedCall } from '../src/index.ts';

type Participants = ReturnType<InspectedCall['participants']>;
type Participant = Participants[string];

const off = { subscribed: 'unsubscribed', state: 'off', offReasons: ['user'] };
const heard = { subscribed: 'subscribed', state: 'playable', offReasons: [] };

function somebody(id: string, userName: string, media: Partial<Participant['media']>, info = {}): Participant {
  const nothing = {
    microphone: off,
    screenAudio: off,
    customAudio: {},
    camera: off,
    screenVideo: off,
    customVideo: {},
  };
  return { id, info: { isLocal: false, isOwner: false, userName, ...info }, media: { ...nothing, ...media } };
}

/** A call whose network grows worse by the second of its own count, the same each time. */
export function fakeCall(): InspectedCall {
  let asked = 0;
  return {
    callState: 'joined',
    participants: () => ({
      local: somebody(
        '1',
        'Talk bot',
        { microphone: heard, customAudio: { music: heard } },
        { isLocal: true, isOwner: true },
      ),
      ada: somebody('ada', 'Ada', { microphone: heard, camera: { ...heard, state: 'interrupted' } }),
      grace: somebody('grace', 'Grace', { microphone: { ...off, offReasons: ['remoteMute'] } }),
    }),
    getNetworkStats: () => {
      const wave = Math.abs(Math.sin(++asked / 2));
      return {
        connections: 2,
        roundTripMs: 40 + 60 * wave,
        receivePacketLoss: asked % 4 === 0 ? 0.03 : 0,
        sendPacketLoss: 0.001,
        receiveBitsPerSecond: 90_000 + 20_000 * wave,
        sendBitsPerSecond: 64_000,
        jitterBufferMs: asked === 1 ? null : 50 * wave,
        concealment: 0.004 * wave,
        packetsLost: 3 * asked,
        threshold: 'good',
        videoCodecs: ['VP8'],
        paths: [
          {
            protocol: 'udp',
            relayed: false,
            roundTripMs: 12,
            local: { type: 'host', address: '192.0.2.10', port: 50_010 },
            remote: { type: 'srflx', address: '203.0.113.5', port: 40_020 },
          },
          {
            protocol: 'tls',
            relayed: true,
            roundTripMs: null,
            local: { type: 'relay', address: '2001:db8::7', port: 3_478 },
            remote: { type: 'prflx', address: '', port: 0 },
          },
        ],
        glitches: [
          {
            edge: 'receiver',
            track: 'microphone',
            participantId: 'ada',
            gaps: 3,
            gapMs: 0,
            concealedMs: 412,
            playedMs: 9_000,
          },
        ],
      };
    },
  };
}

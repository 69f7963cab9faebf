import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Clause {
  /** What a Janus or a wrong input does. */
  readonly clause: string;
  /** File from the root, and a part of the name of a test in it. */
  readonly heldBy: readonly (readonly [file: string, test: string])[];
}

const transport = 'packages/transport/test';
const janus = 'packages/transport/src/room/janus';
const fleet = 'packages/fleet';

/** What stock servers were seen to do, on which the driver is built. */
const seen: readonly Clause[] = [
  {
    clause: 'a feed can be subscribed only after webrtcup, and one unknown feed refuses all',
    heldBy: [
      [`${janus}/media/subscriptions-diff.test.ts`, 'one publisher at a time, and what is wanted no more at once'],
      [`${transport}/janus-media.test.ts`, 'who only subscribes, and is no participant, hears and sees who is alone'],
    ],
  },
  {
    clause: 'subscribers are told nothing of a track that its publisher drops',
    heldBy: [
      [`${janus}/room-events.test.ts`, 'somebody joins, publishes, drops a track and goes'],
      [
        `${transport}/janus-media.test.ts`,
        'a camera, a screen and a track of pictures are seen in their colours, and off and on',
      ],
    ],
  },
  {
    clause: 'data arrives only after the subscriber opened a channel itself: what is said goes by cards',
    heldBy: [[`${transport}/janus-media.test.ts`, 'messages to all and to one, chat, user data and names pass']],
  },
  {
    clause: 'encodings are taken best first, two for small pictures',
    heldBy: [
      [`${janus}/media/layered-settings.test.ts`, 'sends all qualities at once, the best first'],
      [`${transport}/janus-media.test.ts`, 'qualities that are sent at once are chosen by each receiver'],
    ],
  },
  {
    clause: 'three publishers by default',
    heldBy: [[`${janus}/enter-room.test.ts`, 'a room that is made takes more publishers than the three']],
  },
  {
    clause: 'stereo, FEC and RED: what the Opus fmtp line loses',
    heldBy: [
      [`${transport}/janus-sound.test.ts`, 'stereo stays stereo: each ear hears its own tone'],
      [`${transport}/janus-media.test.ts`, 'every frame of a coded sound is heard once, in its order'],
    ],
  },
  {
    clause: 'a session that timed out leaves its socket open',
    heldBy: [
      [`${transport}/janus-faults.test.ts`, 'a call outlives its socket: the session is claimed'],
      [`${transport}/janus-rejoin.test.ts`, 'a server that was killed and started again takes its calls back'],
    ],
  },
  {
    clause: 'a pause counts as concealed samples',
    heldBy: [[`${transport}/loss-or-silence.test.ts`, 'silence is frames; what a cut takes is a gap']],
  },
  {
    clause: 'media is not on loopback: it is bounded by candidates',
    heldBy: [[`${transport}/janus-faults.test.ts`, 'media that was cut for some seconds is heard again, both ways']],
  },
  {
    clause: 'RTP time stops while a track rests',
    heldBy: [[`${transport}/janus-sound.test.ts`, 'a pause is in the recording of a server where the address says']],
  },
  {
    clause: 'a feeder that restarts wants a new SSRC',
    heldBy: [
      [`${janus}/media/worn-lines.test.ts`, 'an m-line takes relayed media of one place once'],
      [
        `${transport}/janus-cascade.test.ts`,
        'over three servers everybody hears everybody, moves when one of them dies',
      ],
    ],
  },
  {
    clause: 'a peer that closed is not noticed: WHIP ends with DELETE, or within a bound',
    heldBy: [
      [`${transport}/foreign-whip.test.ts`, 'publishes a tone that a room hears, and is gone by DELETE'],
      ['packages/transport/src/whip/endpoint/whip-endpoint.test.ts', 'ends the session of a client that vanishes'],
      ['packages/transport/src/whip/endpoint/whip-endpoint.test.ts', 'one that carries nothing'],
    ],
  },
  {
    clause: 'several servers, of which one dies',
    heldBy: [
      [`${janus}/cascade/cascade.test.ts`, 'two who lose a server in the same moment move each itself alone'],
      [`${janus}/cascade/cascade.test.ts`, 'media of nobody that two sweep in the same moment ends once'],
    ],
  },
];

/** What is wrong is told by a typed error. */
const wrong: readonly Clause[] = [
  {
    clause: 'a Janus of another version, or without the plugin',
    heldBy: [
      [`${transport}/janus-faults.test.ts`, 'a server of another version, and one whose certificate is its own'],
      [`${transport}/janus-faults.test.ts`, 'a server without the plugin, one whose rooms are numbers, none at all'],
    ],
  },
  {
    clause: 'a wrong secret',
    heldBy: [
      [`${transport}/janus-faults.test.ts`, 'what is wrong with a room, or its address, is told by its own error'],
      [`${transport}/janus-rejoin.test.ts`, 'a server that comes back with another secret ends the call'],
      [`${transport}/janus-cascade.test.ts`, 'who does not know the secret of a room is told'],
    ],
  },
  {
    clause: 'a room destroyed under a call',
    heldBy: [[`${transport}/janus-faults.test.ts`, 'a room with a list of tokens, which is destroyed under a call']],
  },
  {
    clause: 'a factory that throws, or never starts',
    heldBy: [
      [`${fleet}/test/jobs.test.ts`, 'says what is wrong with a factory'],
      [`${fleet}/test/failing-replacement.test.ts`, 'fails the job with its last error when all tries are used up'],
    ],
  },
  {
    clause: 'a bot that exceeds its quota',
    heldBy: [
      [`${fleet}/test/accounts.test.ts`, 'ends the bot that takes too much and no other'],
      [`${fleet}/test/odd-users.test.ts`, 'ends bots that do not keep to their interface'],
    ],
  },
  {
    clause: 'a remote frame of another version, truncated, oversized',
    heldBy: [
      [`${fleet}/test/remote-link-faults.test.ts`, 'a sender of another version is refused'],
      [`${fleet}/src/links/wire/frames.test.ts`, 'cut anywhere'],
      [`${fleet}/src/links/wire/frames.test.ts`, 'too large, or with something in it that stays here'],
      [`${fleet}/src/links/wire/parts.test.ts`, 'refuses parts that are cut off'],
      [`${fleet}/test/forged-messages.test.ts`, 'credit that the receiver has not given, again and again'],
    ],
  },
  {
    clause: 'two controllers at once',
    heldBy: [
      [`${fleet}/src/workers/recovery.integration.test.ts`, 'gives none of them away twice'],
      [`${fleet}/src/workers/recovery.integration.test.ts`, 'lets nobody change what somebody else changed first'],
      [`${fleet}/test/jobs.test.ts`, 'of two who dispatch at once the late one takes nothing'],
      [`${janus}/cascade/cascade.test.ts`, 'media of nobody that two sweep in the same moment ends once'],
    ],
  },
];

/** The names of tests stand as strings. */
const source = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

describe.each([
  ['what a Janus does', seen],
  ['what is wrong', wrong],
])('%s', (_, clauses) => {
  test.each(clauses)('$clause: a test holds it', ({ heldBy }) => {
    expect(heldBy.length).toBeGreaterThan(0);
    expect(heldBy.filter(([file, name]) => !source(file).includes(name))).toEqual([]);
  });
});

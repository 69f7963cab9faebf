import type { FaultRow } from '../fault-row.ts';

const server = (file: string, test: string) => ({ file: `packages/transport/src/room/server/${file}`, test });
const calls = (file: string, test: string) => ({ file: `packages/transport/test/${file}`, test });

/** Rows S1 to S8. */
export const signallingRows: readonly FaultRow[] = [
  {
    id: 'S1',
    fault: 'What is no message: not JSON, 30,000 levels, too long, of another kind, `__proto__`, lone surrogates, NUL',
    happens: 'Its socket is closed with a code that says why; the others notice nothing',
    bound: '64 KiB a message',
    heldBy: [
      server('mutations.test.ts', 'mutated messages to a live hub: nothing throws, and nobody does what it may not'),
      { file: 'packages/protocol/src/messages.test.ts', test: '12,000 mutated messages are accepted or a typed error' },
      server('attacks.test.ts', 'JSON of 30,000 levels is refused as too long'),
      server('attacks.test.ts', 'a rule about %s is refused, not lost'),
      server('room-server.integration.test.ts', 'binary messages and bytes that are not UTF-8'),
      server('room-server.integration.test.ts', 'an unknown message'),
    ],
  },
  {
    id: 'S2',
    fault:
      'What is a message at the wrong time: an answer to another offer, waiting twice, announcing what one may not send',
    happens: 'Nothing changes. Nobody is sent what both sides have not agreed to',
    bound: '0 tracks without both',
    heldBy: [
      server('control.test.ts', 'what may not be sent is not announced either'),
      server('control.test.ts', 'a wish is passed on without what may not be received, and again when that changes'),
      server('lobby.test.ts', 'who waits may go, say nothing else, and not wait twice'),
      {
        file: 'packages/transport/src/room/embedded/local-participant.test.ts',
        test: 'nobody is sent what they may not have, however much they want it',
      },
      {
        file: 'packages/transport/src/room/embedded/peer-link.test.ts',
        test: 'the late answer to the first is not taken for one to the second',
      },
    ],
  },
  {
    id: 'S3',
    fault: 'Floods: of messages, of newcomers, of sockets',
    happens: 'Who floods is slowed down, then ended; the others hear and are heard',
    bound: '100 messages a second and member, 1,000 and 4 MiB an address',
    heldBy: [
      server('room-server.integration.test.ts', 'a flood is slowed down and ended'),
      server('room-server.integration.test.ts', 'only so many from one address'),
      server('budgets/budgets.test.ts', 'an address has 1,000 messages a second'),
      calls('room-server-limits.test.ts', 'one address has its part, and is told that the server is busy'),
    ],
  },
  {
    id: 'S4',
    fault: 'Sockets that say nothing, drip a header, upgrade and are silent, or never read',
    happens: 'They are closed, and what nobody reads is not kept',
    bound: '5 s, 10 s for what drips; 1 MiB',
    heldBy: [
      calls('room-server-limits.test.ts', 'one that drips is ended'),
      server('room-server.integration.test.ts', 'a header that never ends'),
      server('room-server.integration.test.ts', 'silence after the upgrade'),
      server('room-server.integration.test.ts', 'a client that does not read is dropped'),
      server('guarded-server.integration.test.ts', 'an answer that nobody reads is not kept for ever'),
    ],
  },
  {
    id: 'S5',
    fault: 'A resumption is said again by somebody who has seen it, or a secret is used for something else',
    happens: 'A secret holds until its successor is known to have arrived, and then never again',
    bound: 'once',
    heldBy: [
      server('room.test.ts', 'a resume secret works once'),
      server('resume.test.ts', 'the former secret is good while the answer may be lost, and no longer'),
      server('room.test.ts', 'nobody can take the id of somebody who is in the room'),
      calls('room-doors.test.ts', 'a secret for one thing is none for another'),
    ],
  },
  {
    id: 'S6',
    fault: 'Ids of another room, and names of rooms that are paths or too long',
    happens: 'They are nobody, and no rooms',
    bound: '128 letters',
    heldBy: [
      server('room.test.ts', 'messages reach members of the same room only'),
      server('room-server.integration.test.ts', 'plain requests'),
      server('room-server.integration.test.ts', 'a name with a slash in it'),
      server('room-server.integration.test.ts', '129 letters'),
    ],
  },
  {
    id: 'S7',
    fault: 'Tokens that are changed, expired, of another room or another kind',
    happens: 'Refused, with a reason that says nothing of rooms and secrets',
    bound: '5 s of difference between clocks',
    heldBy: [
      server('tokens/meeting-tokens.test.ts', 'up to five seconds off, as clocks are'),
      server('tokens/meeting-tokens.test.ts', 'no change of one letter opens a room'),
      server('tokens/meeting-tokens.test.ts', 'one letter of the signature changed'),
      calls('room-doors.test.ts', 'every refusal at the door, and the others notice nothing'),
    ],
  },
  {
    id: 'S8',
    fault: 'Descriptions of 1 MB or hundreds of sections, candidates to addresses that are nobody’s business',
    happens: 'Bounded by what they make the other side do; candidates go through one policy on both sides',
    bound: '32 candidates of each type; 128 sections at once and 64 a second',
    heldBy: [
      server('room.test.ts', 'candidates of the link-local range are not passed on'),
      server('budgets/budgets.test.ts', 'offers of 32 media sections'),
      {
        file: 'packages/protocol/src/links/offer-pace.test.ts',
        test: 'of a flood of long offers two a second are answered',
      },
      calls(
        'mutated-descriptions.test.ts',
        'mutated descriptions end in an answer or an error of ours, and a good call works afterwards',
      ),
      calls('lan-room.test.ts', 'no address of loopback is told to anybody'),
      calls('room-under-attack.test.ts', 'three go on hearing each other while two, and then ten'),
    ],
  },
];

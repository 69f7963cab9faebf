import type { CallState } from '../../src/ui/call-view.ts';
import { type NoCall, noCalls } from '../../src/ui/words/closed-door.ts';
import { idle, paintedTrack, picture, somebody, sound } from './painted-call.ts';

const on = (seed: number) => ({ on: true, track: paintedTrack(seed), fault: undefined, allowed: true });
const mic = { on: true, track: undefined, fault: undefined, allowed: true };
const minute = 60_000;
const noon = Date.UTC(2026, 0, 5, 12);

const grace = () => somebody('Grace Hopper', [sound('microphone'), picture('camera', 2)]);
const alan = () => somebody('Alan Turing', [sound('microphone', 'off')], { network: 'low' });
const band = () => somebody('Music', [sound('customAudio.music')]);
const names = [
  'Edsger Dijkstra',
  'Barbara Liskov',
  'Donald Knuth',
  'Margaret Hamilton',
  'Niklaus Wirth',
  'Radia Perlman',
];
const crowd = () => [
  grace(),
  alan(),
  ...names.map((name, index) =>
    somebody(name, [
      sound('microphone', index % 3 === 1 ? 'off' : 'playable'),
      ...(index % 2 ? [picture('camera', index)] : []),
    ]),
  ),
];
const joined = (state: Partial<CallState>): Partial<CallState> => ({
  status: 'joined',
  microphone: mic,
  camera: on(1),
  ...state,
});
const chat = [
  { from: 'id of Grace Hopper', name: 'Grace Hopper', text: 'Good morning!', at: noon },
  { from: 'me', name: 'Ada Lovelace', text: 'Hello Grace. Shall we begin?', at: noon + minute },
  {
    from: 'id of Alan Turing',
    name: 'Alan Turing',
    text: '<b>Markup</b> is text here:\nhttps://example.org',
    at: noon + 2 * minute,
  },
];
const captions = [
  {
    participantId: 'id of Grace Hopper',
    name: 'Grace Hopper',
    text: 'I know to the word what you heard.',
    isFinal: false,
  },
];

/** States of the page, by name. */
export const scenes: Readonly<Record<string, () => Partial<CallState>>> = {
  join: () => ({ microphone: mic, camera: on(1) }),
  'join-off': () => ({}),
  'join-insecure': () => ({
    microphone: { ...mic, on: false, fault: 'insecure' },
    camera: { ...mic, on: false, fault: 'insecure' },
  }),
  'join-denied': () => ({
    microphone: { ...mic, on: false, fault: 'denied' },
    camera: { ...mic, on: false, fault: 'missing' },
  }),
  'join-devices': () => ({ microphone: mic, camera: on(1) }),
  devices: () => joined({ others: [grace()] }),
  waiting: () => ({ status: 'waiting', microphone: mic, camera: on(1) }),
  left: () => ({ status: 'left' }),
  one: () => joined({}),
  two: () => joined({ others: [grace()], activeSpeaker: 'id of Grace Hopper' }),
  three: () => joined({ others: [grace(), band()], activeSpeaker: 'id of Grace Hopper', captions }),
  nine: () => joined({ others: crowd(), activeSpeaker: 'id of Barbara Liskov', recording: true, network: 'low' }),
  screen: () =>
    joined({
      others: [
        somebody('Grace Hopper', [sound('microphone'), picture('screenVideo', 4), sound('screenAudio')]),
        alan(),
        band(),
      ],
    }),
  chat: () => joined({ others: [grace(), alan()], chat }),
  owner: () =>
    joined({
      me: { ...idle.me, isOwner: true },
      others: [grace(), alan(), band()],
      may: { control: true, record: true, transcribe: true, chat: true },
      waiting: [{ id: 'id of Charles', name: 'Charles Babbage' }],
    }),
  reconnecting: () =>
    joined({
      signalling: 'interrupted',
      soundBlocked: true,
      others: [somebody('Grace Hopper', [{ ...sound('microphone'), state: 'interrupted' }])],
    }),
  ...Object.fromEntries(noCalls.map((why: NoCall) => [`no-${why}`, () => ({ status: 'closed' as const, why })])),
};

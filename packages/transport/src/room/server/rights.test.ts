import {
  type Ask,
  adminKinds,
  defaultPermissions,
  type Permissions,
  sendKinds,
  updatedPermissions,
} from '@sluice/protocol';
import { describe, expect, test } from 'vitest';
import { createRoomKit, type FakeClient } from '../../../test/room-kit.ts';
import type { RoomProperties } from './room-properties.ts';
import type { TokenGrant } from './room-tokens.ts';

const runs = () => ({ update: async () => {}, stop: async () => {}, ended: new Promise<void>(() => {}) });
const services = { recorder: async () => runs(), transcriber: async () => runs() };

/** Every ask, on somebody called `to`, with the kind of right it needs. */
const asks: readonly [Ask['ask'], (to: string, waiting: string) => Ask, Permissions['canAdmin'][number] | undefined][] =
  [
    ['app-message', (to) => ({ ask: 'app-message', to, data: 1 }), undefined],
    ['chat', () => ({ ask: 'chat', text: 'hello' }), undefined],
    ['dtmf', (to) => ({ ask: 'dtmf', to, tones: '1', digitDurationMs: 100 }), undefined],
    ['update-permissions', () => ({ ask: 'update-permissions', permissions: { canSend: false } }), undefined],
    [
      'update-participants',
      (to) => ({ ask: 'update-participants', updates: { [to]: { permissions: { canSend: false } } } }),
      'participants',
    ],
    ['eject', (to) => ({ ask: 'eject', ids: [to] }), 'participants'],
    ['admit', (_, waiting) => ({ ask: 'admit', ids: [waiting], admit: true }), 'participants'],
    ['start-recording', () => ({ ask: 'start-recording', streamId: 'b' }), 'streaming'],
    ['stop-recording', () => ({ ask: 'stop-recording', streamId: 'a' }), 'streaming'],
    ['update-recording', () => ({ ask: 'update-recording', streamId: 'a', settings: {} }), 'streaming'],
    ['start-transcription', () => ({ ask: 'start-transcription' }), 'transcription'],
    ['stop-transcription', () => ({ ask: 'stop-transcription' }), 'transcription'],
    ['update-transcription', () => ({ ask: 'update-transcription', participants: null }), 'transcription'],
  ];

/** What everybody else in the room was told, so that an act that nobody answered for is seen too. */
const told = (...clients: readonly FakeClient[]) => clients.map(({ sent }) => sent.length).join();

describe('every ask and every set of rights', () => {
  const sets = Array.from({ length: 8 }, (_, bits) => adminKinds.filter((_, index) => bits & (1 << index)));
  const rights: readonly (readonly [string, TokenGrant])[] = [
    ...sets.map((canAdmin) => [canAdmin.join(' and ') || 'none', { permissions: { canAdmin } }] as const),
    ['those of an owner', { isOwner: true }],
  ];
  const cases = asks.flatMap(([name, ask, needs]) =>
    rights.map(([title, grant]) => {
      const { canAdmin } = updatedPermissions(defaultPermissions, grant.permissions ?? {});
      const may = needs === undefined || grant.isOwner === true || canAdmin.includes(needs);
      return { name, title, ask, grant, expected: may ? 'granted' : 'not-allowed' };
    }),
  );

  test.each(cases)('$name with $title: $expected', async ({ name, ask, grant, expected }) => {
    const kit = createRoomKit({ knocking: true }, services);
    const owner = await kit.owner();
    owner.ask({ ask: 'start-recording', streamId: 'a' });
    if (name !== 'start-transcription') owner.ask({ ask: 'start-transcription' });
    const target = await kit.join({ grant: {}, tracks: ['microphone'] });
    const waiting = await kit.join();
    const asking = await kit.join({ grant });
    const before = told(owner, target, waiting);
    const answer = asking.ask(ask(target.id, waiting.id));
    await kit.clock.settle();
    expect(answer()).toBe(expected);
    if (expected === 'not-allowed') expect(told(owner, target, waiting)).toBe(before);
  });
});

describe('nobody gives more than they have', () => {
  const all = { hasPresence: true, canSend: true, canAdmin: true, canReceive: { base: true } } as const;
  const host = { canAdmin: ['participants' as const] };
  const less: readonly [string, object, object][] = [
    ...sendKinds.map((kind): [string, object, object] => [
      `canSend ${kind}`,
      { canSend: sendKinds.filter((one) => one !== kind) },
      { canSend: [kind] },
    ]),
    ['canAdmin streaming', {}, { canAdmin: ['streaming'] }],
    ['canAdmin transcription', {}, { canAdmin: true }],
    ['hasPresence', { hasPresence: false }, { hasPresence: true }],
    ['canReceive of all', { canReceive: { base: false } }, { canReceive: { base: true } }],
    ['sound', { canReceive: { base: { audio: false } } }, { canReceive: { base: { video: true } } }],
    [
      'one user',
      { canReceive: { base: true, byUserId: { ada: false } } },
      { canReceive: { base: true, byUserId: { ada: true } } },
    ],
    [
      'one user, by forgetting the rule',
      { canReceive: { base: true, byUserId: { ada: false } } },
      { canReceive: { base: true, byUserId: {} } },
    ],
    [
      'one custom track',
      { canReceive: { base: { customAudio: { music: false } } } },
      { canReceive: { base: { customAudio: { '*': true } } } },
    ],
  ];
  const nothing = { hasPresence: false, canSend: false, canReceive: { base: false }, canAdmin: false } as const;

  test.each(less)('%s: neither to another nor to oneself', async (_, lacks, gives) => {
    const kit = createRoomKit({});
    const giver = await kit.join({ grant: { permissions: { ...all, ...host, ...(lacks as object) } } });
    const poor = await kit.join({ grant: { permissions: nothing } });
    const other = giver.ask({ ask: 'update-participants', updates: { [poor.id]: { permissions: gives } } });
    const self = giver.ask({ ask: 'update-permissions', permissions: gives });
    expect([other(), self()]).toEqual(['not-allowed', 'not-allowed']);
    expect(poor.of('participant-updated')).toEqual([]);
  });

  test.each(less)('%s: an owner gives it', async (_, __, gives) => {
    const kit = createRoomKit({});
    const owner = await kit.owner();
    const poor = await kit.join({ grant: { permissions: nothing } });
    expect(owner.ask({ ask: 'update-participants', updates: { [poor.id]: { permissions: gives } } })()).toBe('granted');
    expect(poor.of('participant-updated')).toHaveLength(1);
  });

  test('what one has may be given, and less may always be taken', async () => {
    const kit = createRoomKit({});
    const giver = await kit.join({
      grant: { permissions: { ...host, canSend: ['microphone'], canReceive: { base: { audio: true, video: false } } } },
    });
    const poor = await kit.join({ grant: { permissions: { canSend: false, canReceive: { base: { audio: false } } } } });
    const give = (permissions: object) =>
      giver.ask({ ask: 'update-participants', updates: { [poor.id]: { permissions } } })();
    expect(give({ canSend: ['microphone'] })).toBe('granted');
    expect(give({ canReceive: { base: { audio: true, video: false } } })).toBe('granted');
    expect(give({ canReceive: { base: false }, canSend: false })).toBe('granted');
    expect(kit.hub.presence('hello')).toHaveLength(2);
  });

  test('an owner is out of the reach of others', async () => {
    const kit = createRoomKit({});
    const owner = await kit.owner();
    const giver = await kit.join({ grant: { permissions: { canAdmin: true } } });
    const updates = { [owner.id]: { permissions: { canSend: false } } };
    expect(giver.ask({ ask: 'update-participants', updates })()).toBe('not-allowed');
    expect(giver.ask({ ask: 'eject', ids: [owner.id] })()).toBe('not-allowed');
    expect(owner.closedBy).toBeUndefined();
    expect(owner.ask({ ask: 'update-permissions', permissions: { canSend: false } })()).toBe('granted');
    expect(owner.ask({ ask: 'update-permissions', permissions: { canSend: true } })()).toBe('granted');
  });
});

describe('who enters with which permissions', () => {
  test.each<[string, RoomProperties, TokenGrant | undefined, Partial<Permissions>]>([
    ['all but decisions', {}, undefined, { hasPresence: true, canSend: [...sendKinds], canAdmin: [] }],
    ['what the room says', { permissions: { canSend: ['camera'] } }, undefined, { canSend: ['camera'] }],
    [
      'what the token says before the room',
      { permissions: { canSend: false, canAdmin: ['streaming'] } },
      { permissions: { canSend: ['microphone'] } },
      { canSend: ['microphone'], canAdmin: ['streaming'] },
    ],
    ['nothing to send where owners send', { ownerOnlyBroadcast: true }, {}, { canSend: [] }],
    [
      'an owner has all',
      { ownerOnlyBroadcast: true, permissions: { canReceive: { base: false } } },
      { isOwner: true },
      {
        canSend: [...sendKinds],
        canAdmin: [...adminKinds],
        canReceive: { base: true, byUserId: {}, byParticipantId: {} },
      },
    ],
  ])('%s', async (_, properties, grant, expected) => {
    const client = await createRoomKit(properties).join(grant === undefined ? {} : { grant });
    expect(client.welcome.you.permissions).toMatchObject(expected);
  });
});

test('a room tells pages what is off at first, and nothing where all is as usual', async () => {
  const usual = { name: expect.any(String), expiresAt: null, chat: true, ownerOnlyBroadcast: false };
  const services = { recording: false, transcription: false };
  const room = async (properties: RoomProperties) => (await createRoomKit(properties).join()).welcome.room;
  expect(await room({ startVideoOff: true, startAudioOff: true })).toEqual({
    ...usual,
    ...services,
    startVideoOff: true,
    startAudioOff: true,
  });
  expect(await room({ startVideoOff: false })).toEqual({ ...usual, ...services });
});

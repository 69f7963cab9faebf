import { beforeEach, describe, expect, test } from 'vitest';
import { createRoomKit, EPOCH, type FakeClient, track } from '../../../test/room-kit.ts';

type Kit = ReturnType<typeof createRoomKit>;
let kit: Kit;
let owner: FakeClient;
let ada: FakeClient;
let grace: FakeClient;

beforeEach(async () => {
  kit = createRoomKit();
  owner = await kit.owner();
  ada = await kit.join({ tracks: ['microphone', 'camera', 'screenVideo', 'customAudio.music'] });
  grace = await kit.join();
});

const update = (permissions: object, id = ada.id) =>
  owner.ask({ ask: 'update-participants', updates: { [id]: { permissions } } })();
const link = (from: FakeClient) => ({ from: from.id });
const names = (client: FakeClient, id: string) => client.sees(id)?.tracks.map(({ name }) => name);

describe('sending', () => {
  test('what may not be sent is taken away at once, and is there again when it may', () => {
    expect(update({ canSend: ['camera'] })).toBe('granted');
    for (const client of [owner, ada, grace]) expect(names(client, ada.id)).toEqual(['camera']);
    update({ canSend: true });
    expect(names(grace, ada.id)).toHaveLength(4);
  });

  test('what may not be sent is not announced either', () => {
    update({ canSend: ['microphone', 'customAudio'] });
    ada.say({ type: 'update', tracks: [track('camera'), track('customAudio.music'), track('customVideo.slides')] });
    expect(names(grace, ada.id)).toEqual(['customAudio.music']);
  });
});

describe('receiving', () => {
  const wish = (tracks: string[], staged?: string[]) =>
    grace.say({
      type: 'relay',
      to: ada.id,
      body: { kind: 'subscribe', link: link(grace), tracks, ...(staged === undefined ? {} : { staged }) },
    });
  const wishes = () =>
    ada.of('relay').map(({ body }) => (body.kind === 'subscribe' ? [body.tracks, body.staged] : undefined));

  test('a wish is passed on without what may not be received, and again when that changes', () => {
    wish(['microphone', 'camera'], ['customAudio.music']);
    update({ canReceive: { base: { video: false, customAudio: { music: false } } } }, grace.id);
    update({ canReceive: { base: { video: false, screenAudio: false, customAudio: { music: false } } } }, grace.id);
    update({ canReceive: { base: true } }, grace.id);
    expect(wishes()).toEqual([
      [['microphone', 'camera'], ['customAudio.music']],
      [['microphone'], []],
      [['microphone', 'camera'], ['customAudio.music']],
    ]);
    expect(ada.sees(grace.id)?.permissions.canReceive.base).toBe(true);
  });

  test('rules take 4 KiB at most, however many changes make them', () => {
    const rules = (name: string) =>
      Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`${name}${n}`.repeat(5), false]));
    expect(update({ canReceive: { byUserId: rules('user') } })).toBe('granted');
    expect(update({ canReceive: { byParticipantId: rules('id') } })).toBe('granted');
    expect(update({ canReceive: { base: { customAudio: rules('track') } } })).toBe('rate');
  });

  test('by participant', () => {
    update({ canReceive: { byParticipantId: { [ada.id]: false } } }, grace.id);
    wish(['microphone']);
    expect(wishes()).toEqual([[[], undefined]]);
  });
});

describe('muting', () => {
  const mute = (inputsEnabled: object) =>
    owner.ask({ ask: 'update-participants', updates: { [ada.id]: { inputsEnabled } } })();

  test('a muted input is off for all, until its owner turns it on again', async () => {
    expect(mute({ microphone: false, screenShare: false })).toBe('granted');
    expect(ada.of('inputs-asked')).toEqual([
      { type: 'inputs-asked', by: owner.id, inputs: { microphone: false, screenShare: false } },
    ]);
    expect(grace.sees(ada.id)).toMatchObject({ mutedRemotely: ['microphone', 'screenVideo'] });
    expect(grace.sees(ada.id)?.tracks[0]).toMatchObject({ name: 'microphone', enabled: false, continuous: false });
    ada.say({ type: 'update', tracks: [track('microphone', false)] });
    expect(grace.sees(ada.id)?.mutedRemotely).toEqual(['microphone', 'screenVideo']);
    ada.say({ type: 'update', tracks: [track('microphone')] });
    await kit.clock.advance(1_000);
    expect(grace.sees(ada.id)).toMatchObject({ mutedRemotely: ['screenVideo'], tracks: [{ enabled: true }] });
  });

  test('what crossed the mute on its way turns nothing on', async () => {
    mute({ microphone: false });
    ada.say({ type: 'update', userName: 'Ada 2', tracks: [track('microphone')] });
    expect(grace.sees(ada.id)).toMatchObject({ userName: 'Ada 2', tracks: [{ enabled: false }] });
    await kit.clock.advance(2_000);
    ada.say({ type: 'update', tracks: [track('microphone')] });
    expect(grace.sees(ada.id)).toMatchObject({ mutedRemotely: [], tracks: [{ enabled: true }] });
  });

  test('nobody turns on an input of somebody else', () => {
    ada.say({ type: 'update', tracks: [track('microphone', false)] });
    expect(mute({ microphone: true })).toBe('granted');
    expect(ada.of('inputs-asked')[0]?.inputs).toEqual({ microphone: true });
    expect(grace.sees(ada.id)?.tracks[0]?.enabled).toBe(false);
  });
});

describe('removing', () => {
  test('who is removed is told, the others too, and its socket says nothing any more', () => {
    expect(owner.ask({ ask: 'eject', ids: [ada.id] })()).toBe('granted');
    expect(ada.closedBy).toBe('removed');
    expect(grace.of('participant-left')).toEqual([{ type: 'participant-left', id: ada.id, reason: 'removed' }]);
    const before = grace.sent.length;
    ada.say({ type: 'relay', to: grace.id, body: { kind: 'restart', link: link(ada) } });
    ada.ask({ ask: 'app-message', data: 1 });
    expect(grace.sent).toHaveLength(before);
  });

  test('its token opens no door until it expires, and its id for a minute', async () => {
    const token = kit.tokenOf({ tokenId: 't', expiresAt: EPOCH + 3_600_000 });
    const removed = await kit.enter(token);
    owner.ask({ ask: 'eject', ids: [removed.id] });
    expect((await kit.enter(token)).closedBy).toBe('removed');
    expect((await kit.resume(removed)).closedBy).toBe('unknown-session');
    expect((await kit.join({ identity: removed.identity })).closedBy).toBe('removed');
    await kit.clock.advance(60_001);
    expect((await kit.enter(token)).closedBy).toBe('removed');
    expect((await kit.join({ identity: removed.identity })).closedBy).toBeUndefined();
    await kit.clock.advance(3_600_000);
    expect((await kit.enter(token)).closedBy).toBe('token-expired');
  });

  test('nobody is removed where one of the ids is nobody', () => {
    expect(owner.ask({ ask: 'eject', ids: [ada.id, '00000000-0000-4000-8000-000000000000'] })()).toBe(
      'unknown-participant',
    );
    expect(ada.closedBy).toBeUndefined();
  });
});

describe('being hidden', () => {
  test('who is hidden is told without a name and sends nothing', async () => {
    const hidden = await kit.join({
      userName: 'Mallory',
      grant: { userId: 'mallory', permissions: { hasPresence: false } },
      tracks: ['microphone'],
    });
    expect(ada.sees(hidden.id)).toMatchObject({ userName: '', userId: '', tracks: [], isOwner: false });
    expect(JSON.stringify(ada.sent)).not.toMatch(/mallory/i);
    expect(hidden.welcome.you).toMatchObject({ userName: 'Mallory', tracks: [] });
    expect(hidden.ask({ ask: 'chat', text: 'boo' })()).toBe('not-allowed');
    ada.say({ type: 'levels', levels: [{ id: hidden.id, dbfs: 0 }] });
    expect(ada.of('active-speaker')).toEqual([]);
    expect(kit.hub.presence('hello')).toHaveLength(3);
  });

  test('it leaves when it is hidden, comes without a name, and with one when it is shown again', () => {
    const from = grace.sent.length;
    update({ hasPresence: false });
    update({ hasPresence: true });
    expect(grace.sent.slice(from)).toMatchObject([
      { type: 'participant-left', id: ada.id, reason: 'hidden' },
      { type: 'participant-joined', participant: { id: ada.id, userName: '', tracks: [] } },
      { type: 'participant-joined', participant: { id: ada.id, userName: 'Ada' } },
    ]);
    expect(ada.of('participant-updated').map(({ participant }) => participant.tracks.length)).toEqual([0, 4]);
  });

  test('sixteen are hidden at most, and they take no place of those who are shown', async () => {
    kit.rooms.set('hello', { maxParticipants: 3 });
    const grant = { permissions: { hasPresence: false } };
    for (let n = 0; n < 16; n++) expect((await kit.join({ grant })).closedBy).toBeUndefined();
    expect((await kit.join({ grant })).closedBy).toBe('room-full');
    expect(update({ hasPresence: false })).toBe('rate');
    expect((await kit.join()).closedBy).toBe('room-full');
  });
});

test('a change of several people is made whole or not at all', () => {
  const answer = owner.ask({
    ask: 'update-participants',
    updates: {
      [ada.id]: { permissions: { canSend: false } },
      '00000000-0000-4000-8000-000000000000': { permissions: { canSend: false } },
    },
  });
  expect(answer()).toBe('unknown-participant');
  expect(names(grace, ada.id)).toHaveLength(4);
});

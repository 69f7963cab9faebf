import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { type CallEvents, callEventNames } from '../src/call/call-events.ts';
import { TcpRelay } from '../src/testing/tcp-relay.ts';
import { serveHub } from './fakes/serve-hub.ts';
import { wait } from './linked-connections.ts';
import { createTestDevices, type TestDevices } from './peers/test-devices.ts';
import { until } from './until.ts';

let server: Awaited<ReturnType<typeof serveHub>>;
let devices: TestDevices;
let owner: CallClient;
let ada: CallClient;
let grace: CallClient;

const microphone = (name: string) => ({ isEnabled: true, settings: { deviceId: name } });

beforeEach(async () => {
  server = await serveHub({
    talk: {},
    rights: {},
    cut: {},
    busy: {},
    door: { knocking: true },
    past: { expiresAt: '2020-01-01T00:00:00.000Z' },
  });
  devices = createTestDevices();
  [owner, ada, grace] = [0, 1, 2].map(() => new CallClient({ devices })) as [CallClient, CallClient, CallClient];
});
afterEach(async () => {
  for (const client of [owner, ada, grace]) await client[Symbol.asyncDispose]();
  await devices.close();
  await server.close();
});

const enter = (client: CallClient, room: string, more: object = {}) => client.join(server.roomUrl(room), more);
const idOf = (client: CallClient) => client.participants().local.id;

function record(client: CallClient, ...names: readonly (keyof CallEvents)[]) {
  const told: [name: string, data: unknown][] = [];
  for (const name of names) client.on(name, (data) => told.push([name, data]));
  return told;
}

test('messages reach whom they are for, in order, with names and data', async () => {
  const url = 'talk';
  await enter(owner, url, { token: 'owner', userName: 'Owner', userData: { job: 'host' } });
  const early = [1, 2, 3].map((n) => ada.sendAppMessage(n));
  const ofOwner = record(owner, 'app-message', 'chat-message', 'dtmf-event');
  await enter(ada, url, { userName: 'Ada' });
  await Promise.all(early);
  await enter(grace, url);
  const [ofAda, ofGrace] = [record(ada, 'app-message', 'chat-message'), record(grace, 'app-message', 'dtmf-event')];
  expect(grace.participants()[idOf(owner)]?.info).toMatchObject({
    userName: 'Owner',
    userData: { job: 'host' },
    isOwner: true,
  });
  await ada.sendAppMessage({ to: 'owner' }, idOf(owner));
  await ada.sendPrebuiltChatMessage('hello', 'A.');
  await ada.sendDtmf({ tones: '1#', digitDurationMs: 40, sessionId: idOf(grace) });
  await ada.sendAppMessage('all');
  await until(() => ofGrace.length === 3 && ofOwner.length === 6);
  const from = idOf(ada);
  expect(ofOwner.slice(0, 4)).toEqual([1, 2, 3, { to: 'owner' }].map((message) => ['app-message', { message, from }]));
  expect(ofOwner[4]).toMatchObject(['chat-message', { from, userName: 'A.', text: 'hello' }]);
  expect(ofGrace).toContainEqual(['app-message', { message: 'all', from }]);
  expect(ofGrace.filter(([name]) => name === 'dtmf-event')).toEqual([
    ['dtmf-event', { sessionId: from, tone: '1', durationMs: 40 }],
    ['dtmf-event', { sessionId: from, tone: '#', durationMs: 40 }],
  ]);
  expect(ofAda).toEqual([]);
  await expect(ada.sendAppMessage(1, '00000000-0000-4000-8000-00000000000a')).rejects.toMatchObject({
    code: 'SLUICE_ROOM_DENIED',
    denial: 'unknown-participant',
  });
  // At the limit it comes whole, a lone surrogate too; one byte more is refused here.
  const longest = `\ud800${'€'.repeat(1_362)}ab`;
  await ada.sendAppMessage(longest, idOf(grace));
  await until(() => ofGrace.length === 4);
  expect(ofGrace[3]).toEqual(['app-message', { message: longest, from }]);
  await expect(ada.sendAppMessage(`${longest}c`)).rejects.toThrow(RangeError);
  // Who says goodbye and leaves has said it.
  const bye = ada.sendAppMessage('bye', idOf(owner));
  await ada.leave();
  await bye;
  await until(() => ofOwner.some(([, data]) => (data as { message?: unknown }).message === 'bye'));
});

test('who may not decide on others is refused, and an owner mutes, limits and removes', async () => {
  const room = 'rights';
  await enter(owner, room, { token: 'owner' });
  await enter(ada, room, { clientSettings: { inputs: { microphone: microphone('tone-440') } } });
  await enter(grace, room, { clientSettings: { inputs: { microphone: microphone('tone-880') } } });
  const [adaId, graceId] = [idOf(ada), idOf(grace)];
  const heard = (by: CallClient, id: string) => by.participants()[id]?.media.microphone;
  await until(() => heard(owner, adaId)?.state === 'playable' && heard(grace, adaId)?.state === 'playable');

  for (const refused of [
    ada.ejectRemoteParticipants([graceId]),
    ada.updateRemoteParticipants({ [graceId]: { inputsEnabled: { microphone: false } } }),
    ada.updatePermissions({ canAdmin: true }),
    ada.startRecording(),
    ada.startTranscription(),
  ])
    await expect(refused).rejects.toMatchObject({ code: 'SLUICE_ROOM_DENIED' });

  // Muted, asked, unmuted.
  const ofAda = record(ada, 'inputs-updated', 'inputs-requested');
  await owner.updateRemoteParticipants({ [adaId]: { inputsEnabled: { microphone: false } } });
  await until(() => heard(owner, adaId)?.offReasons.includes('remoteMute') === true);
  await until(() => !ada.inputs().microphone.isEnabled);
  expect(ada.participants().local.media.microphone.state).toBe('off');
  await until(() => ada.participants().local.media.microphone.offReasons.includes('remoteMute'));
  await owner.updateRemoteParticipants({ [adaId]: { inputsEnabled: { camera: true, microphone: true } } });
  await until(() => heard(owner, adaId)?.state === 'playable');
  expect(ofAda.at(-1)).toEqual(['inputs-requested', { by: idOf(owner), inputs: { camera: true } }]);

  // What one may not receive is not sent by anybody.
  let samples = 0;
  grace.setAudioRenderer(adaId, () => samples++);
  await until(() => samples > 5);
  const deaf = { canReceive: { byParticipantId: { [adaId]: { audio: false } } } };
  await owner.updateRemoteParticipants({ [graceId]: { permissions: deaf } });
  await until(() => heard(grace, adaId)?.offReasons.includes('receivePermission') === true);
  const before = samples;
  await wait(500);
  expect(samples - before).toBeLessThan(3);
  expect(heard(owner, adaId)?.state).toBe('playable');
  await owner.updateRemoteParticipants({ [graceId]: { permissions: { canReceive: { byParticipantId: {} } } } });
  await until(() => heard(grace, adaId)?.state === 'playable' && samples > before + 5);

  // Who may not send stops, at both ends.
  await owner.updateRemoteParticipants({ [adaId]: { permissions: { canSend: false } } });
  await until(() => heard(grace, adaId)?.offReasons.includes('sendPermission') === true);
  expect(ada.participants().local.media.microphone.offReasons).toContain('sendPermission');
  await owner.updateRemoteParticipants({ [adaId]: { permissions: { canSend: ['microphone'] } } });
  await until(() => heard(grace, adaId)?.state === 'playable');

  // Hidden, and shown again.
  const ofGrace = record(grace, 'participant-left', 'participant-joined', 'participant-counts-updated');
  await owner.updatePermissions({ hasPresence: false });
  await until(() => grace.participantCounts().hidden === 1);
  await owner.updatePermissions({ hasPresence: true });
  await until(() => grace.participantCounts().hidden === 0);
  expect(ofGrace.filter(([name]) => name !== 'participant-counts-updated')).toMatchObject([
    ['participant-left', { leftReason: 'hidden', participant: { id: idOf(owner) } }],
    ['participant-joined', { participant: { id: idOf(owner) } }],
  ]);

  // Removed, for good.
  const own = record(ada, 'participant-left', 'error', 'call-state-updated');
  ofGrace.length = 0;
  await owner.ejectRemoteParticipants([adaId]);
  await until(() => ada.callState === 'left' && grace.participantCounts().present === 2);
  expect(own).toMatchObject([
    ['call-state-updated', { state: 'leaving' }],
    ['participant-left', { leftReason: 'removed', participant: { id: adaId } }],
    ['error', { error: { code: 'SLUICE_ROOM_REMOVED' } }],
    ['call-state-updated', { state: 'left' }],
  ]);
  expect(ofGrace[0]).toMatchObject(['participant-left', { leftReason: 'removed', participant: { id: adaId } }]);
}, 60_000);

test('a door: who waits is told and seen, let in, turned away, or waits in vain', async () => {
  await enter(owner, 'door', { token: 'owner' });
  const ofOwner = record(owner, 'waiting-participant-added', 'waiting-participant-removed');
  const ofAda = record(ada, 'access-state-updated', 'call-state-updated');
  const joining = enter(ada, 'door', { userName: 'Ada' });
  await until(() => Object.keys(owner.waitingParticipants()).length === 1);
  expect(ofAda).toEqual([
    ['call-state-updated', { state: 'joining' }],
    ['access-state-updated', { access: 'lobby' }],
  ]);
  await owner.updateWaitingParticipants({ '*': { grantRequestedAccess: true } });
  await joining;
  expect(ofAda.slice(2)).toEqual([
    ['access-state-updated', { access: 'full' }],
    ['call-state-updated', { state: 'joined' }],
  ]);
  expect(ada.room()).toMatchObject({ name: 'door', recording: false, chat: true });
  const refused = expect(enter(grace, 'door')).rejects.toMatchObject({ code: 'SLUICE_JOIN_NOT_ADMITTED' });
  await until(() => Object.keys(owner.waitingParticipants()).length === 1);
  await owner.updateWaitingParticipants({ '*': { grantRequestedAccess: false } });
  await refused;
  await expect(enter(grace, 'door', { admissionTimeoutMs: 1_000 })).rejects.toMatchObject({
    code: 'SLUICE_JOIN_NOT_ADMITTED',
  });
  await until(() => Object.keys(owner.waitingParticipants()).length === 0);
  const gaveUp = enter(grace, 'door');
  await until(() => Object.keys(owner.waitingParticipants()).length === 1);
  await grace.leave();
  await expect(gaveUp).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
  await until(() => ofOwner.length === 8);
  expect(ofOwner.map(([name]) => name.replace('waiting-participant-', ''))).toEqual(
    Array(4).fill(['added', 'removed']).flat(),
  );
});

test('rooms that nobody enters say why', async () => {
  await expect(enter(ada, 'nowhere')).rejects.toMatchObject({ code: 'SLUICE_ROOM_UNKNOWN' });
  await expect(enter(ada, 'past')).rejects.toMatchObject({ code: 'SLUICE_ROOM_EXPIRED' });
});

test('what is asked while the signalling is cut is done once, when it is back', async () => {
  const relay = await TcpRelay.open({ port: server.port });
  try {
    await enter(grace, 'cut');
    await ada.join(`http://127.0.0.1:${relay.port}/cut`);
    const ofGrace = record(grace, 'app-message');
    const states: string[] = [];
    ada.on('network-connection', (change) => change.kind === 'signalling' && states.push(change.state));
    relay.reset();
    await until(() => states.includes('interrupted'));
    const completed: unknown[] = [];
    const said = [1, 2, 3].map((n) => ada.sendAppMessage(n, null, (error) => completed.push(error)));
    await Promise.all(said);
    await ada.sendAppMessage('after');
    await until(() => ofGrace.length >= 4);
    await wait(300);
    expect(ofGrace.map(([, data]) => (data as { message: unknown }).message)).toEqual([1, 2, 3, 'after']);
    expect(completed).toEqual([null, null, null]);
  } finally {
    await relay.close();
  }
});

test('what is asked of a server that is restarted is done once, when all are back', async () => {
  await enter(grace, 'cut');
  await enter(ada, 'cut');
  const ofGrace = record(grace, 'app-message', 'participant-left');
  const ids = [idOf(ada), idOf(grace)];
  const states = record(ada, 'network-connection');
  const { port } = server;
  await server.close();
  await until(() => states.some(([, data]) => (data as { state: string }).state === 'interrupted'));
  const said = [1, 2, 3].map((n) => ada.sendAppMessage(n));
  const userData = { since: 'the restart' };
  ada.setUserData(userData);
  server = await serveHub({ cut: {} }, port);
  await Promise.all(said);
  await until(() => ofGrace.length >= 3);
  await wait(300);
  expect(ofGrace.map(([, data]) => (data as { message?: unknown }).message)).toEqual([1, 2, 3]);
  expect([idOf(ada), idOf(grace)]).toEqual(ids);
  expect(grace.participants()[ids[0]!]?.info.userData).toEqual(userData);
});

test('everything awaited inside every handler, and released in the midst of it', async () => {
  const clients = [owner, ada, grace];
  const ended: Promise<unknown>[] = [];
  for (const client of clients)
    for (const name of callEventNames)
      client.on(name, async () => {
        if (ended.length > 300 || client.callState !== 'joined') return;
        const all = Promise.allSettled([
          client.sendAppMessage(name),
          client.networkStats(),
          client.updatePublishing({ microphone: true }),
          client.ejectRemoteParticipants([idOf(client)]).catch(() => {}),
        ]);
        ended.push(all);
        await all;
      });
  await Promise.all([
    enter(ada, 'busy', { clientSettings: { inputs: { microphone: microphone('tone-440') } } }),
    enter(grace, 'busy', { userName: 'Grace' }),
  ]);
  await ada.updateInputs({ microphone: false });
  await until(() => ended.length > 10);
  await Promise.all([ada.release(), grace.release(), owner.release()]);
  await Promise.all(ended);
  expect(clients.map((client) => client.constructor.name)).toEqual(Array(3).fill('CallClient'));
});

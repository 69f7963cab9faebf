import { createServer, type Server, type Socket } from 'node:net';
import { VirtualClock } from '@sluice/core/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { CallClient } from '../src/call/call-client.ts';
import { fromParticipantAudio } from '../src/graph/from-participant-audio.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { createTestDevices, type TestDevices } from './peers/test-devices.ts';
import { until } from './until.ts';

let server: RoomServer;
let devices: TestDevices;
let rooms = 0;
const clients = new Set<CallClient>();

beforeEach(async () => {
  server = await startRoomServer();
  devices = createTestDevices();
});
afterEach(async () => {
  for (const client of clients) await client[Symbol.asyncDispose]();
  clients.clear();
  await devices.close();
  await server.close();
});

const create = () => {
  const client = new CallClient({ devices });
  clients.add(client);
  return client;
};
const mic = (deviceId: string) => ({ inputs: { microphone: { isEnabled: true, settings: { deviceId } } } });
const code = (code: string) => expect.objectContaining({ code });
const idOf = (client: CallClient) => client.participants().local.id;

/** Ada plays 440 Hz, Grace listens. */
const meet = async () => {
  const url = server.roomUrl(`room-${++rooms}`);
  const ada = create();
  const grace = create();
  await ada.join(url, { clientSettings: mic('tone-440') });
  await grace.join(url);
  return { ada, grace, url, adaId: idOf(ada) };
};

test('the five states come in order, also for a second call', async () => {
  const client = create();
  const states: string[] = [client.callState];
  client.on('call-state-updated', ({ state }) => {
    states.push(state);
    expect(client.callState).toBe(state);
  });
  for (let call = 0; call < 2; call++) {
    await client.join(server.roomUrl('states'));
    await client.leave();
  }
  expect(states).toEqual([
    'initialized',
    ...['joining', 'joined', 'leaving', 'left', 'joining', 'joined', 'leaving', 'left'],
  ]);
});

test('getters are current inside handlers, and the client may be called there', async () => {
  const { grace, url } = await meet();
  const seen: string[] = [];
  const joined = new Promise<void>((resolve) => {
    grace.on('participant-joined', async ({ participant }) => {
      seen.push(grace.participants()[participant.id]!.info.userName);
      await grace.updateSubscriptions({ [participant.id]: { media: { microphone: 'unsubscribed' } } });
      seen.push(grace.subscriptions()[participant.id]!.media!.microphone!);
      resolve();
    });
  });
  const late = create();
  late.setUserName('Late');
  await late.join(url);
  await joined;
  expect(seen).toEqual(['Late', 'unsubscribed']);
  expect(grace.participantCounts()).toEqual({ present: 3, hidden: 0 });
});

test('a handler that throws is told and disturbs nobody', async () => {
  const { ada, grace, adaId } = await meet();
  const errors: string[] = [];
  let frames = 0;
  grace.on('error', ({ error }) => errors.push(error.code));
  grace.on('participant-updated', () => {
    throw new Error('mine');
  });
  grace.setAudioRenderer(adaId, () => {
    frames++;
    throw new Error('mine too');
  });
  await until(() => frames > 10);
  ada.setUserName('Ada');
  await until(() => grace.participants()[adaId]?.info.userName === 'Ada');
  expect(new Set(errors)).toEqual(new Set(['SLUICE_CALL_HANDLER']));
});

test('completions are called once, after the method returned', async () => {
  const client = create();
  const calls: unknown[] = [];
  const url = server.roomUrl('completions');
  await new Promise<void>((resolve) => {
    void client.join(url, {}, (data, error) => {
      calls.push(['join', data?.participants.local.info.isLocal, error]);
      resolve();
    });
    calls.push('returned');
  });
  await new Promise<void>((resolve) => {
    client
      .updateInputs({ camera: { isEnabled: true, settings: { deviceId: 'nobody' } } }, (error) => {
        calls.push(['inputs', (error as Error & { code: string }).code]);
        resolve();
      })
      .catch(() => {});
  });
  await client.leave((error) => calls.push(['leave', error]));
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls).toEqual(['returned', ['join', true, null], ['inputs', 'SLUICE_DEVICE_UNKNOWN'], ['leave', null]]);
});

test('events as Observables and once', async () => {
  const client = create();
  const states: string[] = [];
  const first: string[] = [];
  const subscription = client.events$('call-state-updated').subscribe(({ state }) => states.push(state));
  client.once('call-state-updated', ({ state }) => first.push(state));
  await client.join(server.roomUrl('observables'));
  subscription.unsubscribe();
  await client.leave();
  expect(states).toEqual(['joining', 'joined']);
  expect(first).toEqual(['joining']);
});

describe('audio', () => {
  test('a renderer may be set early, is replaced, and can be taken back', async () => {
    const { grace, adaId } = await meet();
    const counts = { first: 0, second: 0 };
    grace.setAudioRenderer(adaId, () => counts.first++);
    await until(() => counts.first > 5);
    const unset = grace.setAudioRenderer(adaId, (id, frame, source) => {
      expect([id, frame.sampleRate, frame.length, source]).toEqual([adaId, 16_000, 320, 'microphone']);
      counts.second++;
    });
    const { first } = counts;
    await until(() => counts.second > 5);
    expect(counts.first).toBe(first);
    unset();
    const { second } = counts;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(counts.second).toBe(second);
  });

  test('fromParticipantAudio beside a renderer; it completes when the participant leaves', async () => {
    const { ada, grace, adaId } = await meet();
    const lengths: number[] = [];
    const rates = new Set<number>();
    let rendered = 0;
    grace.setAudioRenderer(adaId, () => rendered++);
    const completed = new Promise<void>((resolve) => {
      fromParticipantAudio(grace, adaId, { sampleRate: 48_000 }).subscribe({
        next: ({ sampleRate, length }) => {
          rates.add(sampleRate);
          lengths.push(length);
        },
        complete: resolve,
      });
    });
    await until(() => lengths.length > 10 && rendered > 10);
    await ada.leave();
    await completed;
    expect([...rates]).toEqual([48_000]);
    // What is left of a frame when the sound stops is given as it is.
    const last = lengths.pop();
    expect(new Set(lengths)).toEqual(new Set([960]));
    expect(last).toBeLessThanOrEqual(960);
  });

  test('the speaker hears what is subscribed, and devices are told who hears them', async () => {
    const { grace } = await meet();
    await until(() => devices.played() > 8_000);
    expect(devices.listeners.get('tone-440')).toBe('heard');
    await grace.updateSubscriptionProfiles({ base: { microphone: 'unsubscribed' } });
    await until(() => devices.listeners.get('tone-440') === 'alone');
    const played = devices.played();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(devices.played() - played).toBeLessThan(2_000);
  });

  test('custom tracks: added before joining, swapped, removed; publishing decides', async () => {
    const url = server.roomUrl('custom');
    const ada = create();
    const grace = create();
    await ada.addCustomAudioTrack('music', { id: 'tone-600' }, { ignoreAudioLevel: true });
    await ada.join(url);
    await grace.join(url);
    const id = idOf(ada);
    let loud = 0;
    grace.setAudioRenderer(
      id,
      (_, { samples }) => {
        if (samples.some((sample) => sample > 3_000)) loud++;
      },
      { audioSource: 'music' },
    );
    await until(() => loud > 20);
    expect(grace.participants()[id]?.media.customAudio.music?.state).toBe('playable');
    await ada.updateCustomAudioTrack('music', { id: 'silent' });
    await until(async () => {
      const before = loud;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return loud === before;
    });
    await ada.updateCustomAudioTrack('music', { id: 'tone-600' });
    const before = loud;
    await until(() => loud > before + 10);
    await ada.updatePublishing({ customAudio: { music: false } });
    await until(() => grace.participants()[id]?.media.customAudio.music === undefined);
    // Nobody spoke: a track that ignores its level makes no speaker.
    expect(grace.activeSpeaker()).toBe(null);
    await expect(ada.addCustomAudioTrack('music', { id: 'silent' })).rejects.toThrow(code('SLUICE_CALL_TRACK'));
    await ada.removeCustomAudioTrack('music');
    await expect(ada.removeCustomAudioTrack('music')).rejects.toThrow(code('SLUICE_CALL_TRACK'));
  });

  test('a track that is added while joining is heard', async () => {
    const url = server.roomUrl('eager');
    const ada = create();
    const grace = create();
    await grace.join(url);
    const joining = ada.join(url);
    await ada.addCustomAudioTrack('music', { id: 'tone-600' });
    await joining;
    let frames = 0;
    grace.setAudioRenderer(idOf(ada), () => frames++, { audioSource: 'music' });
    await until(() => frames > 10);
  });

  test('five hear each other', async () => {
    const url = server.roomUrl('five');
    const all = Array.from({ length: 5 }, create);
    await Promise.all(all.map((client, n) => client.join(url, { clientSettings: mic(`tone-${400 + 100 * n}`) })));
    await until(() => all.every((client) => client.participantCounts().present === 5));
    await until(() =>
      all.every((client) => {
        const { local: _, ...others } = client.participants();
        return Object.values(others).every(({ media }) => media.microphone.state === 'playable');
      }),
    );
    expect((await all[0]!.networkStats()).connections).toBe(4);
  });

  test('two clients send one device', async () => {
    const { grace, url, adaId } = await meet();
    const twin = create();
    await twin.join(url, { clientSettings: mic('tone-440') });
    const heard = { ada: 0, twin: 0 };
    grace.setAudioRenderer(adaId, () => heard.ada++);
    grace.setAudioRenderer(idOf(twin), () => heard.twin++);
    await until(() => heard.ada > 20 && heard.twin > 20);
  });
});

test('20 times in and out leaves no connection behind', async () => {
  const { grace, url, adaId } = await meet();
  let frames = 0;
  grace.setAudioRenderer(adaId, () => frames++);
  await until(() => frames > 0);
  const guest = create();
  for (let cycle = 0; cycle < 20; cycle++) {
    await guest.join(url);
    if (cycle % 4 === 0) await until(() => guest.participants()[adaId]?.media.microphone.state === 'playable');
    await guest.leave();
  }
  await until(() => Object.keys(grace.participants()).length === 2);
  const stats = await devices.host.stats();
  // Ada's to Grace and Grace's to Ada.
  expect(stats.connections).toBe(2);
  const before = frames;
  await until(() => frames > before + 20);
});

describe('what goes wrong', () => {
  const others: { close(): void }[] = [];
  afterEach(() => {
    for (const other of others.splice(0)) other.close();
  });
  const listen = async (serve: (socket: Socket) => void): Promise<string> => {
    const sockets = new Set<Socket>();
    const other: Server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      serve(socket);
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    others.push({
      close: () => {
        for (const socket of sockets) socket.destroy();
        other.close();
      },
    });
    return `http://127.0.0.1:${(other.address() as { port: number }).port}/room`;
  };
  const speak = async (text: string): Promise<string> => {
    const other = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    other.on('connection', (socket) => socket.on('message', () => socket.send(text)));
    await new Promise<void>((resolve) => other.once('listening', resolve));
    others.push(other);
    return `http://127.0.0.1:${(other.address() as { port: number }).port}/room`;
  };

  test.each([
    ['not a URL', 'SLUICE_ROOM_URL'],
    ['ftp://127.0.0.1/room', 'SLUICE_ROOM_URL'],
    ['http://127.0.0.1:9/', 'SLUICE_ROOM_URL'],
    ['http://127.0.0.1:9/room%20name', 'SLUICE_ROOM_URL'],
    ['http://127.0.0.1:9/room', 'SLUICE_JOIN_UNREACHABLE'],
    ['http://no-such-host.invalid/room', 'SLUICE_JOIN_UNREACHABLE'],
  ])('joining %s is %s', async (url, expected) => {
    const client = create();
    await expect(client.join(url, { timeoutMs: 5_000 })).rejects.toThrow(code(expected));
    expect(['initialized', 'left']).toContain(client.callState);
    await client.join(server.roomUrl('after'));
  });

  test('a server that refuses', async () => {
    const url = await listen((socket) => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'));
    await expect(create().join(url)).rejects.toThrow(code('SLUICE_JOIN_REFUSED'));
  });

  test('a silent server, and one that upgrades and says nothing', async () => {
    const silent = await listen(() => {});
    await expect(create().join(silent, { timeoutMs: 200 })).rejects.toThrow(code('SLUICE_JOIN_TIMEOUT'));
    const mute = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    others.push(mute);
    await new Promise<void>((resolve) => mute.once('listening', resolve));
    const url = `http://127.0.0.1:${(mute.address() as { port: number }).port}/room`;
    const client = create();
    await expect(client.join(url, { timeoutMs: 200 })).rejects.toThrow(code('SLUICE_JOIN_TIMEOUT'));
    expect(client.callState).toBe('left');
  });

  test.each([
    ['malformed', '{', 'SLUICE_ROOM_PROTOCOL'],
    ['unknown', '{"type":"hello"}', 'SLUICE_ROOM_PROTOCOL'],
    ['of another version', '{"type":"welcome","protocol":"sluice-room/7"}', 'SLUICE_ROOM_VERSION'],
    ['oversized', JSON.stringify({ type: 'refused', message: 'x'.repeat(600_000) }), 'SLUICE_ROOM_PROTOCOL'],
  ])('a message that is %s', async (_, text, expected) => {
    await expect(create().join(await speak(text))).rejects.toThrow(code(expected));
  });

  test('a token where none is needed, one that is missing, one that is wrong, a full room', async () => {
    await expect(create().join(server.roomUrl('free'), { token: 'abc' })).rejects.toThrow(code('SLUICE_ROOM_TOKEN'));
    const closed = await startRoomServer({ tokens: (token) => (token === 'open' ? {} : null), maxParticipants: 1 });
    others.push({ close: () => void closed.close() });
    const url = closed.roomUrl('closed');
    await expect(create().join(url)).rejects.toThrow(code('SLUICE_ROOM_TOKEN'));
    await expect(create().join(url, { token: 'wrong' })).rejects.toThrow(code('SLUICE_ROOM_TOKEN'));
    await create().join(url, { token: 'open' });
    await expect(create().join(url, { token: 'open' })).rejects.toThrow(code('SLUICE_ROOM_FULL'));
  });

  test('joining is aborted by a signal, and by leaving', async () => {
    const silent = await listen(() => {});
    const controller = new AbortController();
    const aborted = create().join(silent, { signal: controller.signal });
    controller.abort();
    await expect(aborted).rejects.toThrow(code('SLUICE_ABORTED'));
    const client = create();
    const states: string[] = [];
    client.on('call-state-updated', ({ state }) => states.push(state));
    const joining = client.join(silent);
    await client.leave();
    await expect(joining).rejects.toThrow(code('SLUICE_ABORTED'));
    expect(states).toEqual(['joining', 'leaving', 'left']);
    await client.join(server.roomUrl('after'));
  });

  test('joining twice', async () => {
    const client = create();
    const url = server.roomUrl('twice');
    const first = client.join(url);
    await expect(client.join(url)).rejects.toThrow(code('SLUICE_CALL_STATE'));
    await first;
    await expect(client.join(url)).rejects.toThrow(code('SLUICE_CALL_STATE'));
    expect(client.callState).toBe('joined');
  });

  test('settings of the wrong shape change nothing', async () => {
    const client = create();
    const wrong = { microphone: { isEnabled: 'yes' } } as never;
    await expect(client.updateInputs(wrong)).rejects.toThrow(/inputs\.microphone/);
    await expect(client.updatePublishing({ microphone: { sendSettings: 'loud' } } as never)).rejects.toThrow(TypeError);
    await expect(client.updateInputs({ camera: { settings: { frameRate: 0 } } })).rejects.toThrow(/camera.*frameRate/);
    await expect(client.updateInputs({ camera: { isEnabled: true, settings: { deviceId: 'x' } } })).rejects.toThrow(
      code('SLUICE_DEVICE_UNKNOWN'),
    );
    await expect(client.join(server.roomUrl('x'), { clientSettings: { inputs: wrong } })).rejects.toThrow(TypeError);
    expect(client.callState).toBe('initialized');
    expect(client.inputs().microphone.isEnabled).toBe(false);
    expect(() => client.setAudioRenderer('id', () => {}, { callbackIntervalMs: 15 })).toThrow(RangeError);
    expect(() => client.setUserName('x'.repeat(600))).toThrow(TypeError);
    await expect(client.addCustomAudioTrack('a/b', { id: 'silent' })).rejects.toThrow(TypeError);
  });

  test('after release everything is an error; release waits for what is under way', async () => {
    const client = create();
    const joining = client.join(server.roomUrl('release'));
    const released = client.release();
    await expect(joining).resolves.toBeDefined();
    await released;
    expect(client.callState).toBe('left');
    await expect(client.release()).rejects.toThrow(code('SLUICE_CALL_RELEASED'));
    await expect(client.join(server.roomUrl('release'))).rejects.toThrow(code('SLUICE_CALL_RELEASED'));
    await expect(client.leave()).rejects.toThrow(code('SLUICE_CALL_RELEASED'));
    await expect(client.updateInputs({})).rejects.toThrow(code('SLUICE_CALL_RELEASED'));
    for (const call of [
      () => client.participants(),
      () => client.inputs(),
      () => client.setUserName('x'),
      () => client.setAudioRenderer('id', () => {}),
      () => client.on('error', () => {}),
    ])
      expect(call).toThrow(code('SLUICE_CALL_RELEASED'));
  });

  test('an operation that takes too long is named', async () => {
    const clock = new VirtualClock();
    const client = new CallClient({ devices, clock });
    const slow = client.join(await listen(() => {}), { timeoutMs: 60_000 });
    slow.catch(() => {});
    await clock.advance(60_000);
    await expect(slow).rejects.toThrow(/60000 ms/);
  });
});
